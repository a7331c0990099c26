import { type Action, decodeActions, encodeActions } from './actions.ts';
import { type ByteReader, ByteWriter } from './bytes.ts';
import { decodeMatch, encodeMatch, type Match } from './match.ts';
import { type Message, messageType } from './message.ts';
import { entries, multipartHeaderBytes, multipartRequest, multipartType } from './multipart.ts';

/** A flow is known by its table, priority and match; the rest may change in place. */
export interface Flow {
  /** 64 bits that say whose the flow is. */
  readonly cookie: bigint;
  readonly table: number;
  /** 0 to 65535; the highest that matches is taken. */
  readonly priority: number;
  readonly match: Match;
  /**
   * The meter that the packet passes before `actions`, or null. One flow takes one meter at most, also in
   * OpenFlow 1.5 on Open vSwitch: a second limit is a second flow, reached by a resubmit of the first.
   */
  readonly meter: number | null;
  readonly actions: readonly Action[];
}

export interface FlowStats extends Flow {
  readonly packets: bigint;
  readonly bytes: bigint;
  /** Instructions that this module does not know, in hexadecimal; empty in a flow that it made. */
  readonly otherInstructions: readonly string[];
}

/** Flows whose cookie equals `cookie` in the bits of `mask`. */
export interface CookieFilter {
  readonly cookie: bigint;
  readonly mask: bigint;
}

/** Of these, those of one table only, and those that match all of this, or more. */
export interface FlowFilter extends CookieFilter {
  readonly table?: number;
  readonly match?: Match;
}

/** §A.3.4.1: enum ofp_flow_mod_command. */
const command = { add: 0, modifyStrict: 2, delete: 3, deleteStrict: 4 };
/** §A.2.4: enum ofp_instruction_type. */
const instruction = { applyActions: 4, meter: 6 };
const any = 0xffff_ffff; // OFPP_ANY, OFPG_ANY, OFP_NO_BUFFER
const allTables = 0xff;
const anyCookie: CookieFilter = { cookie: 0n, mask: 0n };

/** Adds the flow or replaces the one with its table, priority and match; that one's counters are lost. */
export function addFlow(flow: Flow): Message {
  return flowMod(command.add, flow, anyCookie);
}

/** Changes meter and actions of the flow with this table, priority and match, and keeps counters and cookie. None: no error. */
export function modifyFlowStrict(flow: Flow): Message {
  return flowMod(command.modifyStrict, flow, anyCookie);
}

/** Deletes the flow with this table, priority and match, if its cookie is this one. None: no error. */
export function deleteFlowStrict(
  flow: Pick<Flow, 'cookie' | 'table' | 'priority' | 'match'>,
): Message {
  const filter = { cookie: flow.cookie, mask: 0xffff_ffff_ffff_ffffn };
  return flowMod(command.deleteStrict, { ...flow, meter: null, actions: [] }, filter);
}

/** Deletes every flow of these cookies, in all tables. */
export function deleteFlows(filter: CookieFilter): Message {
  const all = { table: allTables, priority: 0, match: {}, meter: null, actions: [] };
  return flowMod(command.delete, { ...all, cookie: filter.cookie }, filter);
}

export function flowStatsRequest({
  cookie,
  mask,
  table = allTables,
  match = {},
}: FlowFilter): Message {
  const body = new ByteWriter()
    .uint8(table)
    .zeros(3)
    .uint32(any)
    .uint32(any)
    .zeros(4)
    .uint64(cookie)
    .uint64(mask)
    .bytes(encodeMatch(match));
  return multipartRequest(multipartType.flow, body.finish());
}

export function decodeFlowStats(replies: readonly Message[]): FlowStats[] {
  return entries(replies, (reader) => decodeFlow(reader.slice(reader.uint16() - 2)));
}

/** Offsets in struct ofp_flow_stats, §A.3.5.2. */
const flowStats = { age: 4, priority: 12, counters: 32, match: 48 };

/**
 * Whether two pieces of a reply show the same flows, whatever these have counted and however old they are: byte
 * by byte, as decoding a thousand flows takes longer than everything else that an idle agent does.
 */
export function sameFlowStats(a: Buffer, b: Buffer): boolean {
  if (a.length !== b.length) return false;
  let next = multipartHeaderBytes;
  while (next < a.length) {
    const start = next;
    if (start + 2 > a.length) return false;
    next += a.readUInt16BE(start);
    const isSame =
      sameBytes(a, b, start, start + flowStats.age) &&
      sameBytes(a, b, start + flowStats.priority, start + flowStats.counters) &&
      sameBytes(a, b, start + flowStats.match, next);
    if (!isSame || next === start) return false;
  }
  return true;
}

function sameBytes(a: Buffer, b: Buffer, from: number, to: number): boolean {
  for (let index = from; index < to; index += 1) if (a[index] !== b[index]) return false;
  return true;
}

/** §A.3.4.1: struct ofp_flow_mod. */
function flowMod(kind: number, flow: Flow, filter: CookieFilter): Message {
  const writer = new ByteWriter()
    .uint64(flow.cookie)
    .uint64(filter.mask)
    .uint8(flow.table)
    .uint8(kind)
    .uint16(0) // idle and
    .uint16(0) // hard timeout: none
    .uint16(flow.priority)
    .uint32(any)
    .uint32(any)
    .uint32(any)
    .uint16(0)
    .zeros(2)
    .bytes(encodeMatch(flow.match))
    .bytes(encodeInstructions(flow));
  return { type: messageType.flowMod, body: writer.finish() };
}

function encodeInstructions({ meter, actions }: Pick<Flow, 'meter' | 'actions'>): Buffer {
  const writer = new ByteWriter();
  if (meter !== null) writer.uint16(instruction.meter).uint16(8).uint32(meter);
  if (actions.length > 0) {
    const list = encodeActions(actions);
    writer
      .uint16(instruction.applyActions)
      .uint16(8 + list.length)
      .zeros(4)
      .bytes(list);
  }
  return writer.finish();
}

/** §A.3.5.2: struct ofp_flow_stats after its length. */
function decodeFlow(reader: ByteReader): FlowStats {
  const table = reader.uint8();
  reader.skip(1 + 4 + 4); // padding, age
  const priority = reader.uint16();
  reader.skip(2 + 2 + 2 + 4); // timeouts, flags, padding
  return {
    table,
    priority,
    cookie: reader.uint64(),
    packets: reader.uint64(),
    bytes: reader.uint64(),
    match: decodeMatch(reader),
    ...decodeInstructions(reader),
  };
}

function decodeInstructions(reader: ByteReader) {
  let meter: number | null = null;
  const actions: Action[] = [];
  const otherInstructions: string[] = [];
  while (reader.remaining > 0) {
    const header = reader.bytes(4);
    const body = reader.slice(header.readUInt16BE(2) - 4);
    const type = header.readUInt16BE(0);
    if (type === instruction.meter) meter = body.uint32();
    else if (type === instruction.applyActions) actions.push(...applied(body));
    else otherInstructions.push(hex(header, body));
  }
  return { meter, actions, otherInstructions };
}

function applied(body: ByteReader): Action[] {
  body.skip(4);
  return decodeActions(body);
}

function hex(header: Buffer, body: ByteReader): string {
  return Buffer.concat([header, body.bytes(body.remaining)]).toString('hex');
}
