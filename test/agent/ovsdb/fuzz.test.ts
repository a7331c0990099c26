import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { viewDatabase } from '../../../agent/drivers/ovs/observe.ts';
import { followed } from '../../../agent/drivers/ovs/tables.ts';
import { OvsdbError, toError } from '../../../agent/ovsdb/errors.ts';
import { FramingError, JsonFramer, messageBounds } from '../../../agent/ovsdb/framing.ts';
import {
  type MonitorMethod,
  monitorMethods,
  notificationOf,
  requestsFor,
} from '../../../agent/ovsdb/monitor.ts';
import { NotationError } from '../../../agent/ovsdb/notation.ts';
import { OversizedError, Replica } from '../../../agent/ovsdb/replica.ts';
import { resultsOf } from '../../../agent/ovsdb/results.ts';
import { asObject, type Table } from '../../../agent/ovsdb/table.ts';
import { cutAt, fuzzing, fuzzTimeoutMs, harmed, harms, isUnpolluted } from '../../support/fuzz.ts';
import { bends, bent } from './bends.ts';
import { type Recording, recordSession } from './recording.ts';

let recording: Recording;
beforeAll(async () => {
  recording = await recordSession();
});

/** Everything that the client does with what comes, without a socket. */
class Receiver {
  readonly replica = new Replica(followed);
  readonly #framer = new JsonFramer();

  push(chunk: Buffer): void {
    for (const { json, bytes } of this.#framer.push(chunk)) {
      const { id, method, params, result, error } = json as Record<string, unknown>;
      if (typeof method === 'string') this.#notify(method, params, bytes);
      else if (error !== null && error !== undefined)
        expect(toError(error).message.length).toBeLessThan(700);
      else this.#answer(recording.asked.get(id as number), result, bytes);
    }
  }

  #notify(notification: string, params: unknown, bytes: number): void {
    const method = monitorMethods.find((each) => notificationOf[each] === notification);
    // The three monitors of the recording tell of the same rows.
    if (method !== 'monitor_cond_since') return;
    this.#wholeOrNull(() => this.replica.change(method, params, bytes));
  }

  /** What the server refused is no reason to end the session. */
  #results(result: unknown): void {
    try {
      resultsOf(result, 0, 2);
    } catch (error) {
      if (!(error instanceof OvsdbError)) throw error;
      expect(error.message.length).toBeLessThan(700);
    }
  }

  /** Half of the rows must not be taken for all of them. */
  #wholeOrNull(change: () => void): void {
    try {
      change();
    } catch (error) {
      expect(this.replica.contents).toBeNull();
      throw error;
    }
  }

  #answer(method: string | undefined, result: unknown, bytes: number): void {
    if (method === 'transact') this.#results(result);
    else if (method === 'get_schema') requestsFor(Object.values(followed), result);
    else if (method === 'lock') asObject(result);
    else if (method?.startsWith('monitor'))
      this.#wholeOrNull(() => this.replica.start(method as MonitorMethod, result, bytes));
  }
}

/** What this program says of what no server sends. */
function isOurs(error: unknown): boolean {
  return [FramingError, NotationError, OversizedError].some((kind) => error instanceof kind);
}

/** Whatever the replica holds is of the types that its tables promise, and the driver can look at it. */
function expectRightTypes({ contents }: Replica<typeof followed>): void {
  if (!contents) return;
  const columnsOf = new Map<string, Table>(Object.entries(followed));
  for (const [name, rows] of Object.entries(contents)) {
    for (const row of rows.values()) {
      for (const [column, { encode }] of Object.entries(columnsOf.get(name)?.columns ?? {})) {
        encode((row as unknown as Record<string, never>)[column]!);
      }
    }
  }
  viewDatabase(contents, { bridges: null, portKey: 'iface-id', physicalPorts: null });
}

/** Takes the messages in these pieces; the last of them the truth about all rows, which ends what was told before. */
function take(pieces: readonly Buffer[]): void {
  const receiver = new Receiver();
  try {
    for (const piece of pieces) {
      receiver.push(piece);
      expectRightTypes(receiver.replica);
    }
  } catch (error) {
    if (!isOurs(error)) throw error;
    expect((error as Error).message.length).toBeLessThan(700);
    expectRightTypes(receiver.replica);
  }
  expect(isUnpolluted()).toBe(true);
}

describe('a session with a real ovsdb-server', () => {
  test(
    'is the same in single bytes, and cut at each place',
    () => {
      const whole = new JsonFramer();
      const stream = Buffer.concat(recording.messages);
      const sent = whole.push(stream);
      expect(sent).toHaveLength(recording.messages.length);
      const single = new JsonFramer();
      expect([...stream].flatMap((byte) => single.push(Buffer.from([byte])))).toEqual(sent);
      for (const message of recording.messages) {
        const json = JSON.parse(String(message)) as unknown;
        // The schema is long: a piece of it at a time.
        const step = message.length > 5_000 ? 17 : 1;
        for (let place = 1; place < message.length; place += step) {
          const framer = new JsonFramer();
          expect(framer.push(message.subarray(0, place))).toHaveLength(0);
          const [found] = framer.push(message.subarray(place));
          // Equal texts are equal messages, and quicker to compare.
          if (JSON.stringify(found?.json) !== JSON.stringify(json))
            expect(found?.json).toEqual(json);
        }
      }
    },
    fuzzTimeoutMs,
  );

  test('is taken as it was sent', () => {
    const receiver = new Receiver();
    for (const message of recording.messages) receiver.push(message);
    expectRightTypes(receiver.replica);
    const names = [...(receiver.replica.contents?.Port.values() ?? [])].map(({ name }) => name);
    expect(names.sort()).toEqual(['br0', 'veth1']);
  });
});

const tokens = [
  '{',
  '}',
  '[',
  ']',
  '"',
  '\\',
  ',',
  ':',
  '\\u0000',
  '\\ud800',
  '\xff\xfe',
  '1e999',
  'null',
];
const which = fc.nat();
const places = fc.array(fc.nat(), { maxLength: 5 });

test(
  'whose bytes are changed, cut, moved or doubled, it is refused in our words or taken as right types',
  () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(which, harms(tokens)), { minLength: 1, maxLength: 3 }),
        places,
        (lies, cuts) => {
          const messages = [...recording.messages];
          for (const [at, all] of lies) {
            const index = at % messages.length;
            messages[index] = harmed(messages[index]!, all);
          }
          take(cutAt(Buffer.concat(messages), cuts));
        },
      ),
      fuzzing(300),
    );
  },
  fuzzTimeoutMs,
);

test(
  'whose JSON has other values, keys and depths, it is refused in our words or taken as right types',
  () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(which, bends), { minLength: 1, maxLength: 3 }), (lies) => {
        const messages = [...recording.messages];
        for (const [at, all] of lies) {
          const index = at % messages.length;
          // Once each: what is deep by now no JSON.stringify would take.
          messages[index] = Buffer.from(bent(String(recording.messages[index]), all));
        }
        take(messages);
      }),
      fuzzing(500),
    );
  },
  fuzzTimeoutMs,
);

test(
  'any bytes at all are JSON objects or refused',
  () => {
    const piece = fc.oneof(
      fc.constantFrom(...tokens, '{"a":', '}{', ' \n').map((token) => Buffer.from(token, 'latin1')),
      fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => take(pieces)),
      fuzzing(1_000),
    );
  },
  fuzzTimeoutMs,
);

test('nothing that is past a bound is kept', () => {
  const deep = `{"a":${'['.repeat(messageBounds.depth)}`;
  expect(() => new JsonFramer().push(Buffer.from(deep))).toThrow(FramingError);
  const wide = Buffer.from(`{"a":[${'{},'.repeat(messageBounds.values / 2)}`);
  expect(() => new JsonFramer().push(wide)).toThrow(FramingError);
  const text = new JsonFramer();
  const piece = Buffer.alloc(1024 ** 2, 'x');
  text.push(Buffer.from('{"a":"'));
  const forever = () => {
    for (;;) text.push(piece);
  };
  expect(forever).toThrow(`more than ${messageBounds.bytes} bytes`);
});
