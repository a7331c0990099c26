import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OvsdbError } from '../../../agent/ovsdb/errors.ts';
import { comment, guard, insert } from '../../../agent/ovsdb/operations.ts';
import { eventually } from '../../support/eventually.ts';
import { startSwitch, type TestSwitch } from '../../support/ovs.ts';
import { complete, startClient, tables } from './fixture.ts';

const lock = 'sluice_test';
let ovs: TestSwitch;
beforeAll(async () => {
  ovs = await startSwitch();
});
afterAll(() => ovs?.stop());

const holding = async (client: { holdsLock: boolean }) =>
  eventually(() => expect(client.holdsLock).toBe(true));

test('A lock has one holder; who waits has it when the holder ends, and hears of it', async () => {
  const heard: boolean[] = [];
  const first = startClient(ovs.ovsdb, { lock });
  await holding(first);
  await using second = startClient(ovs.ovsdb, { lock, onLock: (holds) => heard.push(holds) });
  await using bystander = startClient(ovs.ovsdb);
  await complete(second);
  expect(second.holdsLock).toBe(false);
  expect(bystander.holdsLock).toBe(true);

  await expect(second.transact([comment('not mine')])).rejects.toMatchObject({
    ...{ code: 'not owner', kind: 'conflict', operationIndex: null },
  });
  await bystander.transact([comment('anybody’s')]);
  const made = await first.transact([insert(tables.Queue, { dscp: 3 }), comment('mine')]);
  expect(made).toHaveLength(2);
  expect(made[0]?.uuid).toBeDefined();
  const failing = first.transact([comment('mine'), guard(tables.Port, [], { name: 'nothing' })]);
  expect(await failing.catch((error: OvsdbError) => error.operationIndex)).toBe(1);

  await first[Symbol.asyncDispose]();
  await holding(second);
  expect(heard).toEqual([true]);
});

test('A lock is asked for again on each connection; with the server away nobody holds it', async () => {
  const said: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void said.push(line) });
  await using client = startClient(ovs.ovsdb, { lock, log });
  await holding(client);
  expect(client.fault).toBeNull();

  await ovs.killOvsdb();
  await eventually(() => expect(client.fault).toMatch(/ECONNREFUSED|ENOENT/));
  expect(client.holdsLock).toBe(false);

  await ovs.startOvsdb();
  await holding(client);
  await complete(client);
  await client.transact([comment('mine again')]);
  expect(client.fault).toBeNull();
  // One warning, however often it was tried, and the return.
  expect(said.map((line) => JSON.parse(line).msg)).toEqual([
    'Connected to OVSDB.',
    expect.stringMatching(/^No OVSDB: The connection to OVSDB ended/),
    'Connected to OVSDB.',
  ]);
});
