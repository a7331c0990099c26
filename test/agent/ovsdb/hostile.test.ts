import { createServer, type Socket } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonFramer } from '../../../agent/ovsdb/framing.ts';
import type { Table } from '../../../agent/ovsdb/table.ts';
import { eventually } from '../../support/eventually.ts';
import { fuzzing, fuzzTimeoutMs } from '../../support/fuzz.ts';
import { strangeJson } from './bends.ts';
import { startClient, tables } from './fixture.ts';

interface Request {
  readonly id: unknown;
  readonly method: string;
}

const port = '11111111-1111-4111-8111-111111111111';
const bridge = '22222222-2222-4222-8222-222222222222';
const queue = '33333333-3333-4333-8333-333333333333';

const schema = {
  name: 'Open_vSwitch',
  tables: Object.fromEntries(
    Object.values<Table>(tables).map(({ name, columns }) => [
      name,
      { columns: Object.fromEntries(Object.keys(columns).map((column) => [column, {}])) },
    ]),
  ),
};
const rows = {
  Bridge: { [bridge]: { initial: { name: 'br0', ports: ['uuid', port] } } },
  Port: { [port]: { initial: { name: 'tap0', external_ids: ['map', [['a', 'b']]] } } },
  Queue: { [queue]: { initial: { dscp: 7, other_config: ['map', [['max-rate', '1000']]] } } },
};
const change = {
  id: null,
  method: 'update3',
  params: [
    'sluice',
    '44444444-4444-4444-8444-444444444444',
    {
      Port: { [port]: { modify: { external_ids: ['map', [['a', 'c']]] } } },
      Queue: { [queue]: { delete: null } },
    },
  ],
};

/** What ovsdb-server answers, and a change that it tells of. */
const answers: Readonly<Record<string, unknown>> = {
  get_schema: schema,
  monitor_cond_since: [false, '00000000-0000-0000-0000-000000000001', rows],
  monitor_cond: rows,
  monitor: {},
};

/** One thing done to a message's text; places are taken modulo what there is. */
const harm = fc.oneof(
  fc.record({ kind: fc.constant('value' as const), at: fc.nat(), text: strangeJson }),
  fc.record({ kind: fc.constant('value' as const), at: fc.nat(), text: strangeJson }),
  fc.record({ kind: fc.constant('byte' as const), at: fc.nat(), text: fc.string() }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), text: fc.constant('') }),
);
type Harm = typeof harm extends fc.Arbitrary<infer H> ? H : never;

/** A string, a number, a list or an object without nesting: what a replacement may take the place of. */
const part = /"(?:[^"\\]|\\.)*"|-?\d+|\[[^[\]{}]*\]|\{[^[\]{}]*\}/g;

function harmed(message: string, { kind, at, text }: Harm): string {
  if (kind === 'cut') return message.slice(0, at % message.length);
  if (kind === 'byte') {
    const place = at % message.length;
    return message.slice(0, place) + text + message.slice(place + 1);
  }
  const parts = [...message.matchAll(part)];
  const found = parts[at % Math.max(parts.length, 1)];
  if (!found) return message;
  return message.slice(0, found.index) + text + message.slice(found.index + found[0].length);
}

/** What one connection does to the message of this number. */
type Lie = readonly { readonly message: number; readonly harm: Harm }[];

const lie: fc.Arbitrary<Lie> = fc.array(fc.record({ message: fc.nat(4), harm }), {
  minLength: 1,
  maxLength: 4,
});

/** An OVSDB server that lies on each connection as the list has it, and then speaks the truth. */
async function startServer(lies: readonly Lie[]) {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    const told = lies[connections++];
    let messages = 0;
    const say = (message: unknown) => {
      const number = messages++;
      const harms = told?.filter(({ message: which }) => which === number) ?? [];
      const text = harms.reduce((so, { harm: what }) => harmed(so, what), JSON.stringify(message));
      socket.write(text);
    };
    const framer = new JsonFramer();
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      for (const { json } of framer.push(chunk)) {
        const { id, method } = json as Request;
        const result = answers[method];
        say({ id, result: result ?? [], error: null });
        if (!method.startsWith('monitor')) continue;
        if (told) say(change);
        // Whatever the client made of it: the next connection follows at once.
        if (told) setTimeout(() => socket.destroy(), 5);
      }
    });
    if (told) setTimeout(() => socket.destroy(), 25);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as { port: number };
  return {
    remote: `tcp:127.0.0.1:${address.port}`,
    get lied() {
      return connections > lies.length;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test(
  'whatever a server said, the replica is right once one speaks the truth',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(lie, { minLength: 1, maxLength: 4 }), async (lies) => {
        await using server = await startServer(lies);
        await using client = startClient(server.remote);
        await eventually(() => {
          const { contents } = client.replica;
          if (!server.lied || !contents) throw new Error('It has not heard the truth yet.');
          expect([...contents.Bridge.values()]).toMatchObject([{ name: 'br0' }]);
          expect([...contents.Port.values()]).toMatchObject([
            { name: 'tap0', external_ids: new Map([['a', 'b']]) },
          ]);
          expect([...contents.Queue.values()]).toMatchObject([{ dscp: 7 }]);
        });
        expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      }),
      fuzzing(50),
    );
  },
  fuzzTimeoutMs,
);

test('a server that ends each session as soon as it began is come back to ever later', async () => {
  let sessions = 0;
  const server = createServer((socket) => {
    const framer = new JsonFramer();
    socket
      .on('error', () => undefined)
      .on('data', (chunk: Buffer) => {
        for (const { json } of framer.push(chunk)) {
          const { id, method } = json as Request;
          if (method !== 'monitor_cond_since') continue;
          sessions += 1;
          socket.end(JSON.stringify({ id, result: answers[method], error: null }));
        }
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: at } = server.address() as { port: number };
  const backoff = { baseMs: 20, capMs: 10_000 };
  const client = startClient(`tcp:127.0.0.1:${at}`, { backoff });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await client[Symbol.asyncDispose]();
  server.close();
  expect(sessions).toBeGreaterThan(1);
  // At random, 10 ms at first and twice as many each time; a hundred and more where each began anew.
  expect(sessions).toBeLessThan(25);
});
