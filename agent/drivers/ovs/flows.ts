import { unreachable } from '../../../lib/errors.ts';
import type { Action } from '../../openflow/actions.ts';
import type { Flow, FlowStats } from '../../openflow/flows.ts';
import type { RegisterMatch } from '../../openflow/match.ts';
import { cookieOf } from './ids.ts';

/** What a port's packets pass on their way in: meters one after the other, a DSCP mark, a queue's number. */
export interface FlowAim {
  readonly ofport: number;
  readonly meterIds: readonly number[];
  readonly dscpMark: number | null;
  /** The queue that they take on a physical port. */
  readonly queueId: number | null;
}

/**
 * The stage that a packet has reached, in two bits of a register: it is 0 when the packet comes in, and
 * every stage sends the packet through table 0 again, so whatever pipeline the bridge has goes on as
 * before. reg13's upper half is spare: Neutron uses reg2 to reg7, OVN all registers but loads the whole
 * of reg13 before it reads it, and then reads its lower 16 bits (the conntrack zone).
 */
const stage = { register: 13, offset: 30, bits: 2 };
/** Above what Neutron and OVN put into table 0, with room for the DSCP flows; in-band control is higher. */
const priority = 65_000;
const ethTypes = [0x0800, 0x86dd];

/** One flow takes one meter, so a second one is a stage of its own; mark and queue go with the first. */
export function flowsFor({ ofport, meterIds, dscpMark, queueId }: FlowAim): Flow[] {
  const [first = null, ...later] = meterIds;
  const flows = later.map((meterId, index) => stageFlow(ofport, index + 1, meterId, []));
  const queue: Action[] = queueId === null ? [] : [{ type: 'setQueue', queueId }];
  if (first !== null || queueId !== null) flows.push(stageFlow(ofport, 0, first, queue));
  if (dscpMark !== null) {
    const mark: Action[] = [{ type: 'setIpDscp', dscp: dscpMark }, ...queue];
    for (const ethType of ethTypes) flows.push(ipFlow(ofport, ethType, first, mark));
  }
  return flows;
}

/** Which flow it is, for the switch: the same table, priority and match. */
export function flowKey({ table, priority, match }: Pick<Flow, 'table' | 'priority' | 'match'>) {
  let key = `${table} ${priority} ${match.inPort} ${match.ethType} ${match.ipDscp}`;
  for (const { register, value, mask } of match.registers ?? []) {
    key += ` reg${register}=${value}/${mask}`;
  }
  for (const field of match.others ?? []) key += ` ${field}`;
  return key;
}

/** Whether two flows of one key also do the same. */
export function sameFlow(a: Flow, b: Flow): boolean {
  return (
    a.cookie === b.cookie &&
    a.meter === b.meter &&
    a.actions.length === b.actions.length &&
    a.actions.every((action, index) => sameAction(action, b.actions[index]))
  );
}

function sameAction(a: Action, b: Action | undefined): boolean {
  switch (a.type) {
    case 'setIpDscp':
      return b?.type === a.type && a.dscp === b.dscp;
    case 'loadRegister':
      return (
        b?.type === a.type &&
        a.register === b.register &&
        a.offset === b.offset &&
        a.bits === b.bits &&
        a.value === b.value
      );
    case 'resubmit':
      return b?.type === a.type && a.table === b.table;
    case 'output':
      return b?.type === a.type && a.port === b.port;
    case 'setQueue':
      return b?.type === a.type && a.queueId === b.queueId;
    case 'other':
      return b?.type === a.type && a.bytes === b.bytes;
    default:
      return unreachable(a);
  }
}

/** A flow as read, without its counters. What nobody here knows counts as an action, so that it shows. */
export function plainFlow(read: FlowStats): Flow {
  // One by one: copying "the rest" of an object takes ten times as long.
  const { cookie, table, priority, match, meter } = read;
  if (read.otherInstructions.length === 0) {
    return { cookie, table, priority, match, meter, actions: read.actions };
  }
  const others = read.otherInstructions.map((bytes) => ({ type: 'other', bytes }) as const);
  return { cookie, table, priority, match, meter, actions: [...read.actions, ...others] };
}

function stageFlow(
  ofport: number,
  reached: number,
  meterId: number | null,
  actions: readonly Action[],
): Flow {
  return {
    cookie: cookieOf(meterId),
    table: 0,
    priority,
    match: { inPort: ofport, registers: [isAt(reached)] },
    meter: meterId,
    actions: [...actions, goTo(reached + 1), { type: 'resubmit', table: 0 }],
  };
}

/** The first stage for IP of one version, which alone can be marked. */
function ipFlow(
  ofport: number,
  ethType: number,
  meterId: number | null,
  actions: readonly Action[],
): Flow {
  const stageOne = stageFlow(ofport, 0, meterId, actions);
  return { ...stageOne, priority: priority + 1, match: { ...stageOne.match, ethType } };
}

/** Where flows of Sluice's stand, whichever port they are for: a second meter is the last stage that has one. */
export const places = { stages: [isAt(0), isAt(1)], priorities: [priority, priority + 1] };

function isAt(reached: number): RegisterMatch {
  const shift = (bits: number) => (bits << stage.offset) >>> 0;
  return { register: stage.register, value: shift(reached), mask: shift(2 ** stage.bits - 1) };
}

function goTo(value: number) {
  return { type: 'loadRegister', ...stage, value } as const;
}
