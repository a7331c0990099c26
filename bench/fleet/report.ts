import { row, type Spread } from '../stats.ts';
import type { Holding, Snapshot, Steady } from './measurements.ts';

/** What one run measured. */
export interface FleetFigures {
  readonly agents: number;
  /** Of the server without agents. */
  readonly alone: { readonly changeMs: Spread };
  readonly snapshot: Snapshot;
  readonly holding: { readonly fromNothing: Holding; readonly resumed: Holding };
  /** With all agents. */
  readonly among: {
    readonly steady: Steady;
    readonly changeMs: Spread;
    readonly burstMs: number;
  };
}

/** The figures as a table, each beside what is asked of it. */
export function reportOf(
  { agents, alone, snapshot, holding, among }: FleetFigures,
  { burstHosts, largePorts }: { readonly burstHosts: number; readonly largePorts: number },
): string {
  const { fromNothing, resumed } = holding;
  const { steady, changeMs, burstMs } = among;
  const timesAlone = (changeMs.p99 / alone.changeMs.p99).toFixed(1);
  return [
    line(`${agents} agents hold their state, from nothing`, fromNothing.seconds, 's', '≤ 15'),
    line('  the same after a restart, each resuming', resumed.seconds, 's', '≤ 15'),
    line("server's memory for each", steady.memoryKiBEach, 'KiB', '≤ 45'),
    line("server's time, heartbeats at 10 s", steady.serverCorePercent, '% core', '≤ 15'),
    line("database's time, heartbeats at 10 s", steady.databaseCorePercent, '% core', ''),
    line(`one applyQosRules over ${burstHosts} hosts → the last has it`, burstMs, 'ms', '≤ 1500'),
    line(`whole state of a host with ${largePorts} limited ports`, snapshot.seconds, 's', ''),
    line("  server's loop held up meanwhile, at most", snapshot.longestDelayMs, 'ms', '≤ 50'),
    '',
    `${'mutation sent → its agent has it'.padEnd(52)}   p50 ms   p99 ms  × alone`,
    row('with no other agents', alone.changeMs),
    row(`with ${agents} others (p99 ${timesAlone} ×, asked ≤ 2)`, changeMs, alone.changeMs),
  ].join('\n');
}

function line(what: string, value: number, unit: string, asked: string): string {
  return `${what.padEnd(60)} ${value.toFixed(1).padStart(8)} ${unit.padEnd(9)} ${asked}`;
}
