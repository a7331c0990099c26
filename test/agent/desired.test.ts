import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { advance, type Change, type FeedState, unstaged } from '../../agent/desired.ts';
import type { PortQosFieldsFragment as PortQos } from '../../schema/generated/graphql.ts';
import { limitOf } from '../support/limits.ts';

const port = (portId: string, maxKbps: number | null): PortQos => ({
  portId,
  egress: maxKbps === null ? null : limit(maxKbps),
  ingress: null,
});
const limit = (maxKbps: number) => limitOf({ ruleId: 'rule', maxKbps });
const change = (
  from: string | null,
  to: string,
  more: boolean,
  ports: PortQos[],
  adminStateUp = true,
): Change => ({ from, to, more, adminStateUp, ports });

const desired = {
  cursor: 'c1',
  adminStateUp: true,
  ports: new Map([
    ['a', port('a', 1)],
    ['b', port('b', 2)],
  ]),
};
const states = {
  'nothing known': { desired: null, staged: null },
  'at c1': { desired, staged: null },
  'at c1, a step to c2 begun': {
    desired,
    staged: { from: 'c1', to: 'c2', pieces: [[port('a', 7)]] },
  },
  'at c1, the whole state at c2 begun': {
    desired,
    staged: { from: null, to: 'c2', pieces: [[port('c', 7)]] },
  },
} satisfies Record<string, FeedState>;
const events = {
  'the whole state at c2': change(null, 'c2', false, [port('z', 9)]),
  'a piece of the whole state at c2': change(null, 'c2', true, [port('z', 9)]),
  'a piece of the whole state at c3': change(null, 'c3', true, [port('z', 9)]),
  'a step from c1 to c2': change('c1', 'c2', false, [port('a', null), port('z', 9)]),
  'a piece from c1 to c2': change('c1', 'c2', true, [port('z', 9)]),
  'a piece from c1 to c3': change('c1', 'c3', true, [port('z', 9)]),
  'an empty step from c1, going down': change('c1', 'c2', false, [], false),
  'a step from c0': change('c0', 'c2', false, [port('z', 9)]),
};

/** What follows: the ports as "id=kbps", at their cursor; or only pieces; or a misfit. */
const committed = (ports: string) => ({ kind: 'committed', cursor: 'c2', ports });
const staged = (pieces: number) => ({ kind: 'staged', pieces });
const misfit = { kind: 'misfit' };

const table: Record<keyof typeof states, Record<keyof typeof events, object>> = {
  'nothing known': {
    'the whole state at c2': committed('z=9'),
    'a piece of the whole state at c2': staged(1),
    'a piece of the whole state at c3': staged(1),
    'a step from c1 to c2': misfit,
    'a piece from c1 to c2': misfit,
    'a piece from c1 to c3': misfit,
    'an empty step from c1, going down': misfit,
    'a step from c0': misfit,
  },
  'at c1': {
    'the whole state at c2': committed('z=9'),
    'a piece of the whole state at c2': staged(1),
    'a piece of the whole state at c3': staged(1),
    'a step from c1 to c2': committed('b=2 z=9'),
    'a piece from c1 to c2': staged(1),
    'a piece from c1 to c3': staged(1),
    'an empty step from c1, going down': { ...committed('a=1 b=2'), down: true },
    'a step from c0': misfit,
  },
  'at c1, a step to c2 begun': {
    'the whole state at c2': committed('z=9'),
    'a piece of the whole state at c2': staged(1),
    'a piece of the whole state at c3': staged(1),
    'a step from c1 to c2': committed('b=2 z=9'),
    'a piece from c1 to c2': staged(2),
    'a piece from c1 to c3': misfit,
    'an empty step from c1, going down': { ...committed('a=7 b=2'), down: true },
    'a step from c0': misfit,
  },
  'at c1, the whole state at c2 begun': {
    'the whole state at c2': committed('c=7 z=9'),
    'a piece of the whole state at c2': staged(2),
    'a piece of the whole state at c3': staged(1),
    'a step from c1 to c2': misfit,
    'a piece from c1 to c2': misfit,
    'a piece from c1 to c3': misfit,
    'an empty step from c1, going down': misfit,
    'a step from c0': misfit,
  },
};

describe('A message of the feed', () => {
  for (const [stateName, row] of Object.entries(table)) {
    for (const [eventName, expected] of Object.entries(row)) {
      test(`${stateName}: ${eventName}`, () => {
        const before: FeedState = states[stateName as keyof typeof states];

        const step = advance(before, events[eventName as keyof typeof events]);

        expect(summary(step)).toEqual(expected);
        if (step.kind === 'misfit') expect(step.state).toEqual(unstaged(before));
        if (step.kind !== 'committed') expect(step.state.desired).toBe(before.desired);
      });
    }
  }
});

function summary(step: ReturnType<typeof advance>): object {
  if (step.kind === 'misfit') return { kind: step.kind };
  if (step.kind === 'staged') return { kind: step.kind, pieces: step.state.staged?.pieces.length };
  const { cursor, ports, adminStateUp } = step.desired;
  const text = [...ports.values()].map(({ portId, egress }) => `${portId}=${egress?.maxKbps}`);
  const down = adminStateUp ? {} : { down: true };
  return { kind: step.kind, cursor, ports: text.join(' '), ...down };
}

test('Whatever is lost, doubled or reordered on the way, every state that is taken is one that the server had', () => {
  const edit = fc.record({ portId: fc.constantFrom('a', 'b', 'c'), kbps: fc.option(fc.nat(9)) });
  const fault = fc.constantFrom('none', 'none', 'none', 'lose', 'double', 'swap', 'cut');
  fc.assert(
    fc.property(
      fc.array(fc.array(edit, { maxLength: 3 }), { minLength: 1, maxLength: 8 }),
      fc.array(fault, { maxLength: 60 }),
      fc.nat(2),
      (edits, faults, pieceLength) => {
        const history = replay(edits);
        let state: FeedState = { desired: null, staged: null };
        let misfits = 0;
        for (let opened = 0; state.desired?.cursor !== String(edits.length); opened += 1) {
          state = unstaged(state);
          for (const message of disturb(
            feedSince(history, state.desired?.cursor ?? null, pieceLength + 1),
            faults,
          )) {
            const step = advance(state, message);
            state = step.state;
            if (step.kind === 'committed') {
              const truth = history[Number(step.desired.cursor)]!;
              expect(mapOf(step.desired.ports)).toEqual(mapOf(truth));
            }
            // As the agent does: the subscription is dropped at once.
            if (step.kind === 'misfit') {
              misfits += 1;
              break;
            }
          }
          expect(opened).toBeLessThanOrEqual(60 + misfits);
        }
      },
    ),
  );
});

/** The server's states by position. */
function replay(edits: { portId: string; kbps: number | null }[][]): Map<string, PortQos>[] {
  const history = [new Map<string, PortQos>()];
  for (const edit of edits) {
    const next = new Map(history.at(-1));
    for (const { portId, kbps } of edit) next.set(portId, port(portId, kbps));
    history.push(next);
  }
  return history;
}

/** What a subscription at `since` is sent, in pieces: from nothing the state half-way, then each later step. */
function feedSince(
  history: Map<string, PortQos>[],
  since: string | null,
  pieceLength: number,
): Change[] {
  const messages: Change[] = [];
  let from = since;
  const first = since === null ? Math.floor(history.length / 2) : Number(since) + 1;
  for (let to = first; to < history.length; to += 1) {
    const base = from === null ? new Map<string, PortQos>() : history[Number(from)]!;
    const changed = [...history[to]!.values()].filter((value) => base.get(value.portId) !== value);
    for (let at = 0; at === 0 || at < changed.length; at += pieceLength) {
      const piece = changed.slice(at, at + pieceLength);
      messages.push(change(from, String(to), at + pieceLength < changed.length, piece));
    }
    from = String(to);
  }
  return messages;
}

/** Applies the next faults, one a message, to what is delivered; uses them up, so that an end is certain. */
function disturb(messages: Change[], faults: string[]): Change[] {
  const out: Change[] = [];
  for (let index = 0; index < messages.length; index += 1) {
    const message = messages[index]!;
    const following = messages[index + 1];
    const fault = faults.shift();
    if (fault === 'cut') return out;
    // A socket is in order and complete until it is cut: only whole steps, as a server sends them, go wrong.
    const isWhole = !message.more && !messages[index - 1]?.more;
    if (isWhole && fault === 'lose') continue;
    if (isWhole && fault === 'double') out.push(message);
    if (isWhole && fault === 'swap' && following && !following.more) {
      out.push(following);
      index += 1;
    }
    out.push(message);
  }
  return out;
}

const mapOf = (ports: ReadonlyMap<string, PortQos>) =>
  Object.fromEntries(
    [...ports].filter(([, { egress }]) => egress).map(([id, p]) => [id, p.egress]),
  );
