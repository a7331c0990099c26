import { beforeEach, describe, expect, test } from 'vitest';
import type { DesiredState } from '../../agent/desired.ts';
import type { DirectionResult, Usage } from '../../agent/drivers/driver.ts';
import { AgentMetrics } from '../../agent/metrics.ts';
import type { PortLimitFieldsFragment as PortLimit } from '../../schema/generated/graphql.ts';
import { limitOf } from '../support/limits.ts';

let desired: DesiredState | null;
let usage: () => Promise<readonly Usage[]>;
let metrics: AgentMetrics;
beforeEach(() => {
  desired = null;
  usage = async () => [];
  metrics = new AgentMetrics(
    () => desired,
    () => usage(),
  );
});

const state = (
  egress: Readonly<Record<string, Partial<PortLimit>>>,
  adminStateUp = true,
): DesiredState => ({
  cursor: 'c1',
  adminStateUp,
  ports: new Map(
    Object.entries(egress).map(([portId, fields]) => [
      portId,
      { portId, egress: limitOf({ ruleId: 'rule', ...fields }), ingress: null },
    ]),
  ),
});
const result = (portId: string, ruleVersion: number, maxKbps: number): DirectionResult => ({
  portId,
  direction: 'EGRESS',
  ruleId: 'rule',
  ruleVersion,
  status: 'DEGRADED',
  message: null,
  programmed: { mechanism: 'openflow_meter', maxKbps },
});
const settle = (results: readonly DirectionResult[]) => {
  if (desired) metrics.settled({ desired, results });
};
/** The samples whose name has this in it. */
const samples = async (name: string) =>
  (await metrics.print()).split('\n').filter((line) => line.startsWith(`sluice_agent_${name}`));

describe('The metrics of an agent', () => {
  test('say of each limited port what is asked, what holds, and how far it got, in bits', async () => {
    desired = state({ a: { maxKbps: 3_000 }, b: { dscpMark: 10 } });
    settle([result('a', 1, 2_000)]);

    expect(await samples('limit_')).toEqual([
      'sluice_agent_limit_asked_bits_per_second{port="a",direction="EGRESS"} 3000000',
      'sluice_agent_limit_programmed_bits_per_second{port="a",direction="EGRESS"} 2000000',
      'sluice_agent_limit_status{port="a",direction="EGRESS",status="DEGRADED"} 1',
      'sluice_agent_limit_status{port="b",direction="EGRESS",status="PENDING"} 1',
    ]);
  });

  test('have no series of a limit that is gone, and none of what an earlier version came to', async () => {
    desired = state({ a: { maxKbps: 3_000 }, b: { maxKbps: 3_000 } });
    settle([result('a', 1, 2_000), result('b', 1, 2_000)]);
    expect(await samples('limit_')).toHaveLength(6);

    desired = state({ a: { maxKbps: 5_000, ruleVersion: 2 } });

    expect(await samples('limit_')).toEqual([
      'sluice_agent_limit_asked_bits_per_second{port="a",direction="EGRESS"} 5000000',
      'sluice_agent_limit_status{port="a",direction="EGRESS",status="PENDING"} 1',
    ]);
  });

  test('say what each limit let pass and dropped, and leave out what its mechanism does not tell', async () => {
    const counts = { ruleId: 'rule', packets: 7n, beganMs: null };
    const metered = { ...counts, bytes: 700n, droppedBytes: 300n, droppedPackets: 3n };
    const queued = { ...counts, bytes: 700n, droppedBytes: null, droppedPackets: null };
    usage = async () => [
      { portId: 'a', direction: 'EGRESS', ...metered },
      { portId: 'a', direction: 'INGRESS', ...queued },
    ];

    expect(await samples('limit_')).toEqual([
      'sluice_agent_limit_passed_bytes_total{port="a",direction="EGRESS"} 700',
      'sluice_agent_limit_passed_bytes_total{port="a",direction="INGRESS"} 700',
      'sluice_agent_limit_passed_packets_total{port="a",direction="EGRESS"} 7',
      'sluice_agent_limit_passed_packets_total{port="a",direction="INGRESS"} 7',
      'sluice_agent_limit_dropped_bytes_total{port="a",direction="EGRESS"} 300',
      'sluice_agent_limit_dropped_packets_total{port="a",direction="EGRESS"} 3',
    ]);
  });

  test('count as the switch does, also when it begins again, and not at all while it is away', async () => {
    const counted = (bytes: bigint) => async (): Promise<readonly Usage[]> => [
      {
        ...{ portId: 'a', direction: 'EGRESS', ruleId: 'rule', bytes, packets: 1n },
        ...{ droppedBytes: 0n, droppedPackets: 0n, beganMs: 5 },
      },
    ];
    for (const bytes of [1_000n, 40n]) {
      usage = counted(bytes);
      expect(await samples('limit_passed_bytes')).toEqual([
        `sluice_agent_limit_passed_bytes_total{port="a",direction="EGRESS"} ${bytes}`,
      ]);
    }

    usage = () => Promise.reject(new Error('The switch is away.'));
    expect(await samples('limit_')).toEqual([]);
    expect(await samples('ports')).toEqual(['sluice_agent_ports 0']);
  });

  test('are not held back by a switch that does not answer', async () => {
    usage = () => new Promise(() => undefined);
    expect(await samples('ports')).toEqual(['sluice_agent_ports 0']);
  });

  test('say DISABLED of everything while the agent is administratively down', async () => {
    desired = state({ a: { maxKbps: 3_000 } }, false);
    settle([]);
    expect(await samples('limit_status')).toEqual([
      'sluice_agent_limit_status{port="a",direction="EGRESS",status="DISABLED"} 1',
    ]);
  });

  test('count reconnects, repairs by mechanism and failures to save', async () => {
    metrics.connected(true);
    metrics.connected(false);
    metrics.connected(true);
    const repair = { portId: 'a', direction: 'EGRESS', sentence: 'Do it.' } as const;
    metrics.repaired([
      { ...repair, mechanism: 'openflow' },
      { ...repair, mechanism: 'linux_htb' },
      { ...repair, mechanism: 'openflow' },
    ]);
    await expect(
      metrics.countingFailures(Promise.reject(new Error('The disk is full.'))),
    ).rejects.toThrow('The disk is full.');

    expect(await samples('reconnects')).toEqual(['sluice_agent_reconnects_total 1']);
    expect(await samples('drift')).toEqual([
      'sluice_agent_drift_repairs_total{mechanism="openflow"} 2',
      'sluice_agent_drift_repairs_total{mechanism="linux_htb"} 1',
    ]);
    expect(await samples('save')).toEqual(['sluice_agent_save_failures_total 1']);
  });

  test('show a lag while a heartbeat is ahead of the feed, and when the last step came', async () => {
    desired = state({});
    metrics.told('c2', performance.now());
    expect(await samples('feed_lag')).not.toEqual(['sluice_agent_feed_lag_seconds 0']);

    metrics.stepped();

    expect(await samples('feed_lag')).toEqual(['sluice_agent_feed_lag_seconds 0']);
    const [sample = ''] = await samples('feed_step');
    expect(Date.now() / 1000 - Number(sample.split(' ')[1])).toBeLessThan(5);
  });
});
