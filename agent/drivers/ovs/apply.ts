import { messageOf } from '../../../lib/errors.ts';
import type { OpenFlowError } from '../../openflow/errors.ts';
import type { OvsdbClient } from '../../ovsdb/client.ts';
import { transactAndSettle } from '../../ovsdb/currentCfg.ts';
import { OvsdbError } from '../../ovsdb/errors.ts';
import { joinMutations } from '../../ovsdb/join.ts';
import { excludingKeys, isRow, mutate, type Operation } from '../../ovsdb/operations.ts';
import type { OpenFlowWrite, OvsChange, OvsPlan } from './aims.ts';
import type { BridgeLinks } from './bridgeLinks.ts';
import { MeterRecords } from './meterRecords.ts';
import type { Preparation } from './preparation.ts';
import { bridges, type followed } from './tables.ts';

/** Where a plan is written to. */
export interface Switch {
  readonly database: OvsdbClient<typeof followed>;
  readonly links: BridgeLinks;
}

/** Why a direction of a port could not be had, by `directionKey`. */
export type Failures = Map<string, string>;

/** By bridge. */
type Prepared = ReadonlyMap<string, Preparation>;

type Step = 'clear' | 'secure' | 'release';

/** With 10,000 ports vswitchd takes about a second. */
const settleWithinMs = 10_000;

export function directionKey(of: { readonly portId: string | null; readonly direction: string }) {
  return `${of.portId} ${of.direction}`;
}

/**
 * Writes a plan: what limits comes before what it replaces goes. What the switch refuses for good is
 * the failure of that one direction; rejects when the switch is not as it was observed, or is away.
 */
export async function applyPlan({ changes }: OvsPlan, to: Switch): Promise<Failures> {
  const failures: Failures = new Map();
  await using preparations = new AsyncDisposableStack();
  const prepared = prepareToPut(changes, to, preparations);
  await transact('clear', changes, to, failures);
  await transact('secure', changes, to, failures);
  await writeOpenFlow('put', changes, to, failures, prepared);
  await writeOpenFlow('drop', changes, to, failures);
  await transact('release', changes, to, failures);
  return failures;
}

async function transact(
  step: Step,
  changes: readonly OvsChange[],
  { database }: Switch,
  failures: Failures,
): Promise<void> {
  const due = changes.filter((each) => each[step].length > 0 && !failures.has(directionKey(each)));
  if (due.length === 0) return;
  const run = (operations: readonly Operation[]) =>
    due.some(({ settles }) => settles)
      ? transactAndSettle(database, operations, settleWithinMs)
      : database.transact(operations);
  try {
    await run(joinMutations(due.flatMap((each) => each[step])));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await transactOneByOne(step, due, database, failures);
    await run([]);
  }
}

/** One bad change must not hold back the others: what the database refuses fails alone. */
async function transactOneByOne(
  step: Step,
  due: readonly OvsChange[],
  database: Switch['database'],
  failures: Failures,
): Promise<void> {
  await Promise.all(
    due.map((each) =>
      database.transact(each[step]).catch((error: unknown) => {
        if (!isRefusal(error)) throw error;
        failures.set(directionKey(each), messageOf(error));
      }),
    ),
  );
}

function isRefusal(error: unknown): boolean {
  return error instanceof OvsdbError && error.kind === 'invalid';
}

/** What the database takes first, it takes meanwhile. A bridge that is away by now is told so when it is written to. */
function prepareToPut(
  changes: readonly OvsChange[],
  { links }: Switch,
  preparations: AsyncDisposableStack,
): Prepared {
  const due = changes.filter(({ put }) => put.length > 0);
  const prepared = new Map<string, Preparation>();
  for (const [bridge, each] of Map.groupBy(due, (change) => change.bridge ?? '')) {
    const writes = each.flatMap(({ put }) => put);
    const preparation = links.get(bridge)?.bridge?.prepare(writes);
    if (preparation) prepared.set(bridge, preparations.use(preparation));
  }
  return prepared;
}

async function writeOpenFlow(
  step: 'put' | 'drop',
  changes: readonly OvsChange[],
  to: Switch,
  failures: Failures,
  prepared: Prepared = new Map(),
): Promise<void> {
  const due = changes.filter((each) => each[step].length > 0 && !failures.has(directionKey(each)));
  const byBridge = Map.groupBy(due, ({ bridge }) => bridge ?? '');
  await Promise.all(
    [...byBridge].map(([bridge, each]) =>
      writeBridge(bridge, step, each, to, failures, prepared.get(bridge)),
    ),
  );
}

async function writeBridge(
  bridge: string,
  step: 'put' | 'drop',
  changes: readonly OvsChange[],
  to: Switch,
  failures: Failures,
  prepared: Preparation | undefined,
): Promise<void> {
  const due = changes.flatMap((of) => of[step].map((write) => ({ of, write })));
  const writes = due.map(({ write }) => write);
  const errors = await to.links.connected(bridge).write(writes, prepared);
  for (const [index, { of, write }] of due.entries()) {
    const error = errors[index];
    if (!error) continue;
    await refuseStale(bridge, write, error, to);
    const key = directionKey(of);
    if (!failures.has(key)) failures.set(key, `Bridge ${bridge}: ${error.message}`);
  }
}

/** Somebody else made or took a meter since the last look: look again. */
async function refuseStale(
  bridge: string,
  write: OpenFlowWrite,
  { code }: OpenFlowError,
  { database }: Switch,
): Promise<void> {
  if (write.kind === 'addMeter' && code === 'OFPMMFC_METER_EXISTS') {
    await forgetMeter(bridge, write.meter.id, database);
    throw new Error(`Meter ${write.meter.id} of bridge ${bridge} is somebody else's by now.`);
  }
  if (write.kind === 'modifyMeter' && code === 'OFPMMFC_UNKNOWN_METER') {
    throw new Error(`Meter ${write.meter.id} of bridge ${bridge} is gone by now.`);
  }
}

/** It was recorded before it was to be made, and now it is not Sluice's after all. */
async function forgetMeter(
  bridge: string,
  meterId: number,
  database: Switch['database'],
): Promise<void> {
  const rows = [...(database.replica.contents?.Bridge.values() ?? [])];
  const row = rows.find(({ name }) => name === bridge);
  if (!row) return;
  const keys = new MeterRecords(row.external_ids)
    .all()
    .filter((record) => record.meterId === meterId)
    .map(({ key }) => key)
    .toArray();
  await database.transact([
    mutate(bridges, [isRow(row._uuid)], [excludingKeys(bridges, 'external_ids', keys)]),
  ]);
}
