import { type Database, followed } from '../../../../../agent/drivers/ovs/tables.ts';
import type { TcReader } from '../../../../../agent/drivers/ovs/tc.ts';
import type { Flow } from '../../../../../agent/openflow/flows.ts';
import type { Meter } from '../../../../../agent/openflow/meters.ts';
import type { Uuid } from '../../../../../agent/ovsdb/notation.ts';
import { decodeRow, type Table } from '../../../../../agent/ovsdb/table.ts';
import { run } from '../../../../../scripts/lab/command.ts';
import type { TestSwitch } from '../../../../support/ovs.ts';
import { type ReadDevice, readKernel } from './kernel.ts';

/** What a flow does with a port's packets at a stage (agent/drivers/ovs/flows.ts says what stages are). */
export interface ReadFlow {
  readonly cookie: bigint;
  readonly priority: number;
  readonly inPort: number | null;
  readonly ethType: string | null;
  /** Null: it does not look at the stage. */
  readonly stage: number | null;
  readonly meter: number | null;
  readonly dscp: number | null;
  readonly queue: number | null;
  /** The stage that it sends packets on to; null: none. */
  readonly next: number | null;
}

export interface ReadMeter {
  readonly id: number;
  readonly unit: string;
  readonly rate: number;
  readonly burst: number | null;
}

/** What decides about limits, on the whole switch. Flows and meters by bridge. */
export interface Reading {
  readonly rows: Database;
  readonly flows: ReadonlyMap<string, readonly ReadFlow[]>;
  readonly meters: ReadonlyMap<string, readonly ReadMeter[]>;
  /** By device: what tc shows. */
  readonly kernel: ReadonlyMap<string, ReadDevice>;
}

/** A reading by the switch's own tools, with what they printed. */
export interface FullReading extends Reading {
  /** Each table as ovsdb-client dumps it: rows by their columns. */
  readonly dump: ReadonlyMap<string, readonly Readonly<Record<string, unknown>>[]>;
  /** The lines of ovs-ofctl, by bridge. */
  readonly flowLines: ReadonlyMap<string, readonly string[]>;
  readonly meterTexts: ReadonlyMap<string, readonly string[]>;
}

/** Reads a switch from outside, by ovsdb-client, ovs-ofctl and tc. */
export async function readAll(
  ovs: TestSwitch,
  bridges: readonly string[],
  tc: TcReader,
): Promise<FullReading> {
  const perBridge = async (command: readonly string[]) =>
    Promise.all(bridges.map(async (each) => [each, await ovs.ofctl(...command, each)] as const));
  const [dumped, flowTexts, meterTexts] = await Promise.all([
    run('ovsdb-client', ['--format=json', 'dump', ovs.ovsdb, 'Open_vSwitch']),
    perBridge(['--no-names', '--no-stats', 'dump-flows']),
    perBridge(['dump-meters']),
  ]);
  const dump = parseDump(dumped);
  const rows = decode(dump);
  const flowLines = new Map(flowTexts.map(([bridge, text]) => [bridge, linesOf(text)]));
  const texts = new Map(meterTexts.map(([bridge, text]) => [bridge, metersIn(text)]));
  return {
    dump,
    flowLines,
    meterTexts: texts,
    rows,
    flows: new Map(flowLines.entries().map(([bridge, lines]) => [bridge, lines.map(parseFlow)])),
    meters: new Map(texts.entries().map(([bridge, found]) => [bridge, found.map(parseMeter)])),
    kernel: await readKernel(tc, rows),
  };
}

/** As `readAll` reads a flow, from what the agent's OpenFlow read. */
export function readFlow({ cookie, priority, match, meter, actions }: Flow): ReadFlow {
  const [register] = match.registers ?? [];
  return {
    cookie,
    priority,
    inPort: match.inPort ?? null,
    ethType: match.ethType === undefined ? null : match.ethType === 0x0800 ? 'ip' : 'ipv6',
    stage: register ? stageIn(register.value) : null,
    meter,
    dscp: actions.find((action) => action.type === 'setIpDscp')?.dscp ?? null,
    queue: actions.find((action) => action.type === 'setQueue')?.queueId ?? null,
    next: actions.find((action) => action.type === 'loadRegister')?.value ?? null,
  };
}

export function readMeter({ id, unit, bands }: Meter): ReadMeter {
  return { id, unit, rate: bands[0]?.rate ?? 0, burst: bands[0]?.burst ?? null };
}

/** The two highest bits of reg13. */
function stageIn(register13: number): number {
  return register13 >>> 30;
}

/** One JSON document a table, one a line. */
function parseDump(text: string): FullReading['dump'] {
  return new Map(
    linesOf(text).map((line) => {
      const { caption, headings, data } = JSON.parse(line) as {
        readonly caption: string;
        readonly headings: readonly string[];
        readonly data: readonly (readonly unknown[])[];
      };
      const rows = data.map((row) => Object.fromEntries(row.map((cell, n) => [headings[n], cell])));
      return [caption.replace(/ table$/, ''), rows];
    }),
  );
}

function decode(dump: FullReading['dump']): Database {
  const tables = Object.entries<Table>(followed).map(([name, table]) => {
    const rows = (dump.get(table.name) ?? []).map((row) => {
      const uuid = (row._uuid as [string, Uuid])[1];
      return [uuid, decodeRow(table, uuid, row)] as const;
    });
    return [name, new Map(rows)];
  });
  return Object.fromEntries(tables) as unknown as Database;
}

function parseFlow(line: string): ReadFlow {
  const number = (pattern: RegExp) => {
    const found = pattern.exec(line)?.[1];
    return found === undefined ? null : Number(found);
  };
  const register = number(/reg13=(0x[0-9a-f]+|\d+)\/0xc0000000/);
  return {
    cookie: BigInt(/cookie=(0x[0-9a-f]+)/.exec(line)?.[1] ?? 0),
    priority: number(/priority=(\d+)/) ?? 32_768,
    inPort: number(/in_port=(\d+)/),
    ethType: /,(ip|ipv6),/.exec(line)?.[1] ?? null,
    stage: register === null ? null : stageIn(register),
    meter: number(/meter:(\d+)/),
    dscp: number(/set_field:(\d+)->ip_dscp/),
    queue: number(/set_queue:(\d+)/),
    next: number(/load:(0x[0-9a-f]+)->NXM_NX_REG13\[30\.\.31\]/),
  };
}

/** `meter=1 kbps burst stats bands=` and a line for each band. */
function metersIn(text: string): string[] {
  return text
    .split(/^(?=meter=)/m)
    .map((part) => part.trim())
    .filter((part) => part.startsWith('meter='));
}

function parseMeter(text: string): ReadMeter {
  const [, id, unit, rate, burst] =
    /^meter=(\d+) (\w+) .*?rate=(\d+)(?: burst_size=(\d+))?/s.exec(text) ?? [];
  return {
    id: Number(id),
    unit: String(unit),
    rate: Number(rate),
    burst: burst === undefined ? null : Number(burst),
  };
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
