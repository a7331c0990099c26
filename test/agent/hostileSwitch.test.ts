import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { saveLastGood } from '../../agent/lastGood.ts';
import { hello } from '../../agent/openflow/hello.ts';
import { encodeFrame, FrameSplitter, messageType } from '../../agent/openflow/message.ts';
import { JsonFramer } from '../../agent/ovsdb/framing.ts';
import { eventually } from '../support/eventually.ts';
import { harmed, harms } from '../support/fuzz.ts';
import { limitOf } from '../support/limits.ts';
import { type Guest, startSwitch, type TestSwitch } from '../support/ovs.ts';
import { startProgram } from '../support/program.ts';

/** What one connection is met with. */
type Peer = (socket: Socket) => void;

const host = 'compute-1';
/** Of the agent's whole process, whatever its switch does. */
const mostResidentMiB = 900;

let dir: string;
let ovs: TestSwitch;
let guest: Guest;
beforeAll(async () => {
  dir = await mkdtemp('/tmp/sluice-hostile-switch-');
  ovs = await startSwitch();
  await ovs.addBridge('br0');
  guest = await ovs.addPort({ bridge: 'br0' });
});
afterAll(async () => {
  await ovs?.stop();
  await rm(dir, { recursive: true });
});

/** A socket on which each connection is met by the next peer, and by the last from then on. */
async function listen(path: string, peers: readonly Peer[]) {
  const sockets = new Set<Socket>();
  let met = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    peers[Math.min(met, peers.length - 1)]?.(socket);
    met += 1;
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    get met() {
      return met;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Sends for as long as there is somebody; whether he reads what he is sent is another matter. */
function forever(next: () => string | Buffer): (socket: Socket) => void {
  return (socket) => {
    const more = () => {
      while (!socket.destroyed && socket.write(next()));
    };
    socket.on('drain', more);
    more();
  };
}

const relayTo =
  (path: string): Peer =>
  (socket) => {
    const upstream = connect(path);
    socket.pipe(upstream).pipe(socket);
    socket.on('close', () => upstream.destroy());
    upstream.on('error', () => undefined).on('close', () => socket.destroy());
  };

/** The real switch, of whose answers the third piece and each later one are changed; given up after a while. */
function bentRelayTo(path: string, seed: number): Peer {
  const bends = fc.sample(harms(['{', '"', '\x04\x13\x00\x10']), { seed, numRuns: 100 });
  return (socket) => {
    const upstream = connect(path);
    socket.pipe(upstream);
    let pieces = 0;
    upstream.on('data', (chunk: Buffer) => {
      pieces += 1;
      socket.write(pieces > seed % 3 ? harmed(chunk, bends[pieces % 100] ?? []) : chunk);
    });
    const giveUp = setTimeout(() => socket.destroy(), 300);
    socket.on('close', () => {
      clearTimeout(giveUp);
      upstream.destroy();
    });
    upstream.on('error', () => undefined).on('close', () => socket.destroy());
  };
}

/** Answers what a client asks before it follows the database, and then tells of ever new rows. */
const endlessRows: Peer = (socket) => {
  const framer = new JsonFramer();
  const say = (message: object) => socket.write(JSON.stringify(message));
  socket.on('data', (chunk: Buffer) => {
    for (const { json } of framer.push(chunk)) {
      const { id, method } = json as { id: number; method: string };
      if (method === 'lock') say({ id, result: { locked: true }, error: null });
      if (method !== 'monitor_cond_since') continue;
      say({ id, result: [false, 'x', {}], error: null });
      let rows = 0;
      const change = () => {
        const uuids = Array.from({ length: 2_000 }, () => [`row-${++rows}`, { insert: {} }]);
        return JSON.stringify({
          id: null,
          method: 'update3',
          params: ['sluice', 'x', { Queue: Object.fromEntries(uuids) }],
        });
      };
      forever(change)(socket);
    }
  });
};

const echo = JSON.stringify({ id: 1, method: 'echo', params: ['x'.repeat(60_000)] });
const unread: (flood: Peer) => Peer = (flood) => (socket) => {
  socket.pause();
  flood(socket);
};

function afterStart(start: string, next: string): Peer {
  return (socket) => {
    socket.write(start);
    forever(() => next)(socket);
  };
}

const hostileDatabases: Record<string, Peer> = {
  'a text that never ends': afterStart('{"a":"', 'x'.repeat(65_536)),
  'objects without end': afterStart('{"a":[', '{},'.repeat(20_000)),
  'brackets without end': afterStart('{"a":', '['.repeat(65_536)),
  'echoes without end, and reads none': unread(forever(() => echo)),
  'rows without end': endlessRows,
};

/** Why each was left, as the agent says. */
const reasons = [
  /a message of more than 67108864 bytes/,
  /a message of more than 4000000 values/,
  /nested more than 64 deep/,
  /left 33554432 bytes unread/,
  /rows take more than 268435456 bytes/,
];

const greeted =
  (peer: Peer): Peer =>
  (socket) => {
    socket.write(encodeFrame(0, hello()));
    peer(socket);
  };
const emptyPiece = (xid: number) => {
  const body = Buffer.from([0, 1, 0, 1, 0, 0, 0, 0]);
  const frame = encodeFrame(xid, { type: messageType.multipartReply, body });
  return Buffer.concat(Array.from({ length: 4_000 }, () => frame));
};
const endlessAnswer: Peer = (socket) => {
  const splitter = new FrameSplitter();
  socket.on('data', (chunk: Buffer) => {
    for (const { type, xid } of splitter.push(chunk)) {
      if (type === messageType.multipartRequest) forever(() => emptyPiece(xid))(socket);
    }
  });
};
const openFlowEcho = encodeFrame(1, { type: messageType.echoRequest, body: Buffer.alloc(60_000) });

const hostileBridges: Record<string, Peer> = {
  'no HELLO but zeros': forever(() => Buffer.alloc(65_536)),
  'pieces of an answer without end': greeted(endlessAnswer),
  'echoes without end, and reads none': greeted(unread(forever(() => openFlowEcho))),
};

test('an agent outlives whatever its switch says, in bounded memory, and goes on where one speaks the truth', async () => {
  const seeds = [1, 2, 3];
  const [realDatabase, realBridge] = [ovs.ovsdb.slice('unix:'.length), ovs.openflow('br0')];
  await using databases = await listen(join(dir, 'db.sock'), [
    ...seeds.map((seed) => bentRelayTo(realDatabase, seed)),
    ...Object.values(hostileDatabases),
    relayTo(realDatabase),
  ]);
  await using bridges = await listen(join(dir, 'br0.mgmt'), [
    ...Object.values(hostileBridges),
    ...seeds.map((seed) => bentRelayTo(realBridge, seed)),
    relayTo(realBridge),
  ]);
  const egress = limitOf({ maxKbps: 12_345 });
  const ports = new Map([[guest.portId, { portId: guest.portId, egress, ingress: null }]]);
  const file = { path: join(dir, 'agent/last-known-good.json'), host };
  await saveLastGood(file, { cursor: 'x', adminStateUp: true, ports });

  await using agent = startProgram('agent/main.ts', ['run'], {
    SLUICE_SERVER: 'http://127.0.0.1:1/graphql',
    SLUICE_TOKEN: 'a.b.c',
    SLUICE_HOST: host,
    SLUICE_DATA: dir,
    SLUICE_OVSDB: `unix:${dir}/db.sock`,
    SLUICE_OVS_NETNS: ovs.netns,
    SLUICE_METRICS_LISTEN: 'off',
    SLUICE_LOG_FORMAT: 'json',
    SLUICE_LOG_LEVEL: 'debug',
  });
  const patient = { timeoutMs: 90_000, intervalMs: 100 };
  await eventually(async () => {
    const meters = await ovs.ofctl('dump-meters', 'br0');
    expect(meters, agent.log.slice(-2_000)).toContain('rate=12345');
  }, patient);

  for (const reason of reasons) expect(agent.log).toMatch(reason);
  const lied = seeds.length + Object.keys(hostileDatabases).length;
  expect(databases.met).toBe(lied + 1);
  expect(bridges.met).toBeGreaterThan(Object.keys(hostileBridges).length);
  expect(await highWaterMiB(agent.pid)).toBeLessThan(mostResidentMiB);
  expect(await agent.stop()).toBe(0);
}, 120_000);

/** proc(5): the most that was resident at once. */
async function highWaterMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}
