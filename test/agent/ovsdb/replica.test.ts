import { mkdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Uuid } from '../../../agent/ovsdb/notation.ts';
import { insert } from '../../../agent/ovsdb/operations.ts';
import type { Tables } from '../../../agent/ovsdb/replica.ts';
import type { Columns } from '../../../agent/ovsdb/table.ts';
import { decodeRow, type Row } from '../../../agent/ovsdb/table.ts';
import { run } from '../../../scripts/lab/command.ts';
import { OvsDaemon } from '../../../scripts/lab/ovsDaemon.ts';
import { eventually } from '../../support/eventually.ts';
import { startSwitch, type TestSwitch } from '../../support/ovs.ts';
import { complete, startClient, type TestClient, tables } from './fixture.ts';

const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);

describe(`a replica (SEED=${SEED})`, () => {
  let ovs: TestSwitch;

  beforeAll(async () => {
    ovs = await startSwitch();
    await ovs.killVswitchd(); // The database alone is the matter here; nobody else is to write.
    await ovs.vsctl('--no-wait', 'add-br', 'br0');
  });
  afterAll(() => ovs?.stop());

  it('equals the database after random changes', async () => {
    await using client = startClient(ovs.ovsdb);
    await complete(client);
    const random = randomNumbers(SEED);
    for (let round = 0; round < 15; round++) {
      await change(ovs, random);
      await expectSame(client, ovs);
    }
  });

  it('equals the database after kill -9 of ovsdb-server, with changes meanwhile', async () => {
    await using client = startClient(ovs.ovsdb);
    await complete(client);
    const random = randomNumbers(SEED + 1);
    for (let round = 0; round < 4; round++) {
      await ovs.killOvsdb();
      await eventually(() => expect(client.replica.contents).toBeNull());
      await ovs.startOvsdb();
      await change(ovs, random);
      await complete(client);
      await expectSame(client, ovs);
    }
  });

  it('is complete again after a cut connection', async () => {
    await using client = startClient(ovs.ovsdb);
    await complete(client);
    const known: boolean[] = [];
    client.replica.onChange(() => known.push(client.replica.contents !== null));
    await serverCommand(ovs, 'ovsdb-server/reconnect');
    await eventually(() => expect(known).toEqual([false, true]));
    await change(ovs, randomNumbers(SEED + 3));
    await expectSame(client, ovs);
  });

  it('resumes on the same rows where the server remembers its transactions', async () => {
    await using server = await startClusteredServer(`${ovs.dir}/raft`);
    await using client = startClient(server.remote);
    await complete(client);
    await client.transact([insert(tables.Queue, { dscp: 1 })]);
    const [kept] = client.replica.contents!.Queue.values();
    const known: boolean[] = [];
    client.replica.onChange(() => known.push(client.replica.contents !== null));
    await server.cutConnections();
    await eventually(() => expect(known).toEqual([false, true]));
    expect([...client.replica.contents!.Queue.values()][0]).toBe(kept);
  });

  it('follows a server that only knows RFC 7047', async () => {
    await serverCommand(ovs, 'ovsdb-server/disable-monitor-cond');
    await using client = startClient(ovs.ovsdb);
    await complete(client);
    const random = randomNumbers(SEED + 2);
    for (let round = 0; round < 5; round++) {
      await change(ovs, random);
      await expectSame(client, ovs);
    }
  });

  it('leaves empty what the server’s schema does not have', async () => {
    await using client = startClient(ovs.ovsdb);
    const contents = await complete(client);
    expect(contents.TableOfAnotherVersion.size).toBe(0);
    expect(client.offers('Queue', 'dscp')).toBe(true);
    expect(client.offers('Queue', 'column_of_another_version')).toBe(false);
  });

  it('calls its listeners once for what one transaction changed', async () => {
    await using client = startClient(ovs.ovsdb);
    await complete(client);
    const calls: string[][] = [];
    client.replica.onChange((touched) => calls.push([...touched]));
    const queues = Array.from({ length: 50 }, () => ['--', 'create', 'Queue', 'dscp=7']).flat();
    await ovs.vsctl('--no-wait', ...queues);
    await expectSame(client, ovs);
    expect(calls).toEqual([['Queue']]);
  });
});

/** What the server refuses, such as to destroy a QoS that a port still names, changes nothing. */
async function change(ovs: TestSwitch, random: () => number): Promise<void> {
  await ovs.vsctl('--no-wait', ...randomChanges(random)).catch(() => undefined);
}

/** Words for ovs-vsctl: a few changes to bridges, ports, QoS and queues that may or may not be there. */
function randomChanges(random: () => number): string[] {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const port = () => `p${pick([1, 2, 3, 4, 5])}`;
  const value = () => pick(['1', 'two', 'drei "4"', 'ü', '\\']);
  const quoted = () => JSON.stringify(value());
  const changes: readonly (() => string[])[] = [
    () => ['--may-exist', 'add-port', 'br0', port()],
    () => ['--if-exists', 'del-port', 'br0', port()],
    () => ['set', 'Bridge', 'br0', `external_ids:k${pick([1, 2, 3])}=${quoted()}`],
    () => ['remove', 'Bridge', 'br0', 'external_ids', `k${pick([1, 2, 3])}`],
    () => ['--if-exists', 'set', 'Port', port(), `external_ids:a=${quoted()}`],
    () => ['--if-exists', 'clear', 'Port', port(), 'qos'],
    () => [
      ...['--id=@q', 'create', 'Queue', `dscp=${pick([1, 2, 3])}`, '--', '--id=@qos', 'create'],
      ...['QoS', 'type=linux-htb', 'queues:0=@q', '--', '--if-exists', 'set', 'Port', port()],
      'qos=@qos',
    ],
    () => [
      ...[1, 2, 3, 4, 5].flatMap((n) => ['--if-exists', 'clear', 'Port', `p${n}`, 'qos', '--']),
      ...['--all', 'destroy', 'QoS', '--', '--all', 'destroy', 'Queue'],
    ],
  ];
  return Array.from({ length: 6 }, (_, n) =>
    pick(changes)().map((word) => word.replace(/@(q|qos)\b/, `@$1${n}`)),
  ).flatMap((change) => ['--', ...change]);
}

/** mulberry32: small, seeded, good enough to choose by. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function expectSame(client: TestClient, ovs: TestSwitch): Promise<void> {
  const expected = await databaseRows(ovs);
  await eventually(() => {
    const { contents } = client.replica;
    for (const name of Object.keys(tables) as (keyof typeof tables)[]) {
      expect(new Map(contents?.[name] as Map<Uuid, unknown>), name).toEqual(expected[name]);
    }
  });
}

/** What `ovsdb-client dump` prints, read with the same columns. */
async function databaseRows(ovs: TestSwitch) {
  const text = await run('ovsdb-client', ['dump', '-f', 'json', ovs.ovsdb, 'Open_vSwitch'], {});
  const dumps = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Dump);
  return Object.fromEntries(
    Object.entries(tables as Tables).map(([name, table]) => {
      const dump = dumps.find(({ caption }) => caption === `${table.name} table`);
      const rows = (dump?.data ?? []).map((cells): [Uuid, Row<Columns>] => {
        const wire = Object.fromEntries(dump!.headings.map((heading, n) => [heading, cells[n]]));
        const uuid = (wire._uuid as [string, Uuid])[1];
        return [uuid, decodeRow(table, uuid, wire)];
      });
      return [name, new Map(rows)];
    }),
  );
}

interface Dump {
  readonly caption: string;
  readonly headings: readonly string[];
  readonly data: readonly (readonly unknown[])[];
}

function serverCommand(ovs: TestSwitch, command: string): Promise<string> {
  return ovs.appctl('-t', 'ovsdb-server', command);
}

/** A cluster of one: only clustered databases keep the history that monitor_cond_since resumes from. */
async function startClusteredServer(dir: string) {
  await mkdir(dir);
  const database = `${dir}/conf.db`;
  const schema = '/usr/share/openvswitch/vswitch.ovsschema';
  await run('ovsdb-tool', ['create-cluster', database, schema, `unix:${dir}/raft.sock`]);
  const env = { OVS_RUNDIR: dir, OVS_DBDIR: dir, OVS_LOGDIR: dir, OVS_SYSCONFDIR: dir };
  const daemon = new OvsDaemon({
    program: 'ovsdb-server',
    dir,
    env,
    args: [database, `--remote=punix:${dir}/db.sock`],
    netns: null,
  });
  await daemon.start();
  return {
    remote: `unix:${dir}/db.sock`,
    cutConnections: () =>
      run('ovs-appctl', ['-t', 'ovsdb-server', 'ovsdb-server/reconnect'], { env }),
    [Symbol.asyncDispose]: () => daemon.kill(),
  };
}
