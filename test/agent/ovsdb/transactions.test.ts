import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transactAndSettle } from '../../../agent/ovsdb/currentCfg.ts';
import type { OvsdbError } from '../../../agent/ovsdb/errors.ts';
import { type Json, NamedUuid, type Uuid } from '../../../agent/ovsdb/notation.ts';
import {
  adding,
  assertLock,
  comment,
  excluding,
  excludingKeys,
  guard,
  guardExists,
  including,
  insert,
  isRow,
  mutate,
  remove,
  select,
  update,
  where,
} from '../../../agent/ovsdb/operations.ts';
import { openSocket, parseRemote } from '../../../agent/ovsdb/remote.ts';
import { Session } from '../../../agent/ovsdb/session.ts';
import { startSwitch, type TestSwitch } from '../../support/ovs.ts';
import { complete, startClient, type TestClient, tables } from './fixture.ts';

const { Open_vSwitch, Port, QoS, Queue } = tables;
const guardThatWaits = { ...guard(Port, [], { name: 'nothing' }), timeout: 60_000 };
const NOBODY = '11111111-1111-1111-1111-111111111111' as Uuid;

describe('transactions with a real ovsdb-server', () => {
  let ovs: TestSwitch;
  let client: TestClient & AsyncDisposable;

  beforeAll(async () => {
    ovs = await startSwitch();
    await ovs.addBridge('br0');
    client = startClient(ovs.ovsdb);
    await complete(client);
  });

  afterAll(async () => {
    await client?.[Symbol.asyncDispose]();
    await ovs?.stop();
  });

  async function insertQueue(other: Record<string, string> = {}): Promise<Uuid> {
    const other_config = new Map(Object.entries(other));
    const [result] = await client.transact([insert(Queue, { other_config })]);
    return result!.uuid![1] as Uuid;
  }

  it('insert rows that name each other, and are in the replica when the answer is', async () => {
    const [qos, queue] = [new NamedUuid('qos'), new NamedUuid('queue')];
    const [made] = await client.transact([
      insert(QoS, { type: 'linux-htb', queues: new Map([[0, queue]]) }, qos),
      insert(Queue, { dscp: 3, external_ids: new Map([['owner', 'test']]) }, queue),
      comment('made for a test'),
    ]);
    const row = client.replica.contents!.QoS.get(made!.uuid![1] as Uuid)!;
    const queueRow = client.replica.contents!.Queue.get(row.queues.get(0)!)!;
    expect(queueRow).toMatchObject({ dscp: 3, external_ids: new Map([['owner', 'test']]) });
  });

  it('update, mutate, select and delete by uuid', async () => {
    const id = await insertQueue({ a: '1', b: '2' });
    const results = await client.transact([
      update(Queue, [isRow(id)], { dscp: 5 }),
      mutate(Queue, [isRow(id)], [including(Queue, 'other_config', new Map([['c', '3']]))]),
      mutate(Queue, [isRow(id)], [excluding(Queue, 'other_config', new Map([['a', 'x']]))]),
      mutate(Queue, [isRow(id)], [excludingKeys(Queue, 'other_config', ['b'])]),
      select(Queue, [isRow(id), where(Queue, 'dscp', '==', 5)], ['other_config']),
      mutate(Open_vSwitch, [], [adding(Open_vSwitch, 'next_cfg', 0)]),
      remove(Queue, [isRow(id)]),
    ]);
    const other = ['map', [['a', '1'], ['c', '3']]]; // biome-ignore format: one value
    expect(results[4]!.rows).toEqual([{ _uuid: ['uuid', id], other_config: other }]);
    expect(results.map(({ count }) => count)).toEqual([1, 1, 1, 1, undefined, 1, 1]);
    expect(client.replica.contents!.Queue.has(id)).toBe(false);
  });

  it('run in the order of the calls when several are under way', async () => {
    const id = await insertQueue();
    const writes = Array.from({ length: 200 }, (_, n) =>
      client.transact([update(Queue, [isRow(id)], { other_config: new Map([['n', `${n}`]]) })]),
    );
    await Promise.all(writes);
    expect(client.replica.contents!.Queue.get(id)!.other_config.get('n')).toBe('199');
  });

  it('do nothing when a guard finds that the row is no longer what was read', async () => {
    const id = await insertQueue({ rate: '1' });
    const raise = update(Queue, [isRow(id)], { other_config: new Map([['rate', '3']]) });
    const read = { other_config: new Map([['rate', '1']]) };
    await client.transact([update(Queue, [isRow(id)], { other_config: new Map([['rate', '2']]) })]);

    const guarded = client.transact([guard(Queue, [isRow(id)], read), raise]);
    await expect(guarded).rejects.toMatchObject({ code: 'timed out', kind: 'conflict' });
    const missing = where(Queue, 'other_config', 'includes', new Map([['rate', '1']]));
    await expect(client.transact([guardExists(Queue, id, [missing]), raise])).rejects.toMatchObject(
      { kind: 'conflict', operationIndex: 0 },
    );
    expect(client.replica.contents!.Queue.get(id)!.other_config.get('rate')).toBe('2');

    const there = where(Queue, 'other_config', 'includes', new Map([['rate', '2']]));
    await client.transact([guardExists(Queue, id, [there]), raise]);
    expect(client.replica.contents!.Queue.get(id)!.other_config.get('rate')).toBe('3');
  });

  it('name what the server refused, with the operation', async () => {
    const queue = new NamedUuid('queue');
    const refused = {
      'constraint violation': [insert(Queue, { dscp: 99 })],
      'referential integrity violation': [
        insert(QoS, { type: 'linux-htb', queues: new Map([[0, NOBODY]]) }),
      ],
      'duplicate uuid-name': [insert(Queue, {}, queue), insert(Queue, {}, queue)],
      'domain error': [insert(Queue, { dscp: 1 }), mutate(Queue, [], [['dscp', '/=', 0]])],
      'timed out': [guard(Port, [], { name: 'nothing' })],
      'not owner': [assertLock('nobody_has_it')],
      aborted: [{ op: 'abort' }],
      'syntax error': [{ op: 'insert', table: 'Nothing', row: {} }],
    };
    for (const [code, operations] of Object.entries(refused)) {
      const error = await client.transact(operations).catch((e: unknown) => e as OvsdbError);
      expect(error, code).toMatchObject({ name: 'OvsdbError', code });
    }
  });

  it('are refused as a whole where the request itself is wrong', async () => {
    const remote = parseRemote(ovs.ovsdb);
    const socket = await openSocket(remote, undefined, 1_000, new AbortController().signal);
    const keepalive = { probeAfterMs: 1_000, answerWithinMs: 1_000, requestWithinMs: 5_000 };
    const session = new Session(socket, keepalive, () => undefined);
    const request = (method: string, params: Json) => session.request(method, params, () => null);

    await expect(request('transact', ['Nothing'])).rejects.toMatchObject({
      code: 'unknown database',
      kind: 'invalid',
    });
    await expect(request('sing', [])).rejects.toMatchObject({ code: 'unknown method' });
    const pending = request('transact', ['Open_vSwitch', guardThatWaits]);
    session.close('the test is over');
    await expect(pending).rejects.toMatchObject({ name: 'OvsdbUnavailableError' });
    await expect(request('echo', [])).rejects.toMatchObject({ kind: 'transient' });
  });

  it('resolve once vswitchd has followed', async () => {
    const before = [...client.replica.contents!.Open_vSwitch.values()][0]!.cur_cfg;
    const results = await transactAndSettle(client, [comment('look')], 5_000);
    expect(results).toHaveLength(1);
    const after = [...client.replica.contents!.Open_vSwitch.values()][0]!.cur_cfg;
    expect(after).toBeGreaterThan(before);
  });

  it('say so when vswitchd does not follow', async () => {
    await ovs.killVswitchd();
    const settling = transactAndSettle(client, [], 100);
    await expect(settling).rejects.toThrow(/not followed within 100 ms/);
    await ovs.startVswitchd();
    await transactAndSettle(client, [], 10_000);
  });
});
