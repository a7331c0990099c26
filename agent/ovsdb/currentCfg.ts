import { OvsdbUnavailableError } from './errors.ts';
import { integer, single, type Uuid } from './notation.ts';
import { adding, mutate, type Operation, select } from './operations.ts';
import type { OperationResult } from './results.ts';
import { defineTable } from './table.ts';

/** The columns of ovs-vswitchd.conf.db(5)'s Open_vSwitch table that say how far vswitchd has followed. */
export const cfgColumns = { next_cfg: single(integer), cur_cfg: single(integer) };
const openVSwitch = defineTable('Open_vSwitch', cfgColumns);

/** What this file needs of a client that follows `Open_vSwitch` with `cfgColumns`. */
interface ConfiguredClient {
  transact(operations: readonly Operation[]): Promise<readonly OperationResult[]>;
  readonly replica: {
    readonly contents: {
      readonly Open_vSwitch: ReadonlyMap<Uuid, { readonly cur_cfg: number }>;
    } | null;
    onChange(listener: () => void): () => void;
  };
}

/**
 * Runs the transaction and resolves when vswitchd has dealt with it: `next_cfg` is raised with it,
 * and `cur_cfg` follows (ovs-vswitchd.conf.db(5)). That says "looked at", not "it worked".
 */
export async function transactAndSettle(
  client: ConfiguredClient,
  operations: readonly Operation[],
  timeoutMs: number,
): Promise<readonly OperationResult[]> {
  const results = await client.transact([
    ...operations,
    mutate(openVSwitch, [], [adding(openVSwitch, 'next_cfg', 1)]),
    select(openVSwitch, [], ['next_cfg']),
  ]);
  const next = Number(results.at(-1)?.rows?.[0]?.next_cfg);
  await waitForCurrentCfg(client, next, timeoutMs);
  return results.slice(0, operations.length);
}

async function waitForCurrentCfg(client: ConfiguredClient, next: number, timeoutMs: number) {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const look = () => {
    const contents = client.replica.contents;
    if (!contents)
      reject(new OvsdbUnavailableError('OVSDB went away before vswitchd had followed.'));
    else if (Array.from(contents.Open_vSwitch.values()).some(({ cur_cfg }) => cur_cfg >= next)) {
      resolve();
    }
  };
  const timer = setTimeout(
    () => reject(new OvsdbUnavailableError(`vswitchd has not followed within ${timeoutMs} ms.`)),
    timeoutMs,
  );
  const forget = client.replica.onChange(look);
  try {
    look();
    await promise;
  } finally {
    forget();
    clearTimeout(timer);
  }
}
