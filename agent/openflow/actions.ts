import { ByteReader, ByteWriter, MalformedMessage, paddingAfter } from './bytes.ts';
import { decodeIpDscp, encodeIpDscp, requireRegister } from './match.ts';

/** What a flow does with a packet. */
export type Action =
  | { readonly type: 'setIpDscp'; readonly dscp: number }
  | {
      /** Writes `value` to `bits` bits of a register, from bit `offset` on. */
      readonly type: 'loadRegister';
      readonly register: number;
      readonly offset: number;
      readonly bits: number;
      readonly value: number;
    }
  /** Looks the packet up again in a table, from the port it came in by, and goes on after that. */
  | { readonly type: 'resubmit'; readonly table: number }
  | { readonly type: 'output'; readonly port: number }
  /** Whatever port the packet leaves by, it passes this queue there; another one that is set later takes its place. */
  | { readonly type: 'setQueue'; readonly queueId: number }
  /** An action that this module does not know, whole and in hexadecimal. */
  | { readonly type: 'other'; readonly bytes: string };

/** §A.2.5: enum ofp_action_type. */
const outputType = 0;
const setQueueType = 21;
const setFieldType = 25;
const experimenterType = 0xffff;

/** Open vSwitch's own actions: experimenter id and subtypes (ovs lib/ofp-actions.c). */
const nicira = 0x0000_2320;
const regLoadSubtype = 7;
const resubmitTableSubtype = 14;

/** enum ofp_port_no: the port that the packet came in by, in Open vSwitch's 16-bit form. */
const inPort = 0xfff8;
const controllerMaxBytes = 0;

export function encodeActions(actions: readonly Action[]): Buffer {
  return Buffer.concat(actions.map(encodeAction));
}

export function decodeActions(reader: ByteReader): Action[] {
  const actions: Action[] = [];
  while (reader.remaining > 0) actions.push(decodeAction(reader));
  return actions;
}

function encodeAction(action: Action): Buffer {
  switch (action.type) {
    case 'setIpDscp':
      return encodeSetField(encodeIpDscp(action.dscp));
    case 'loadRegister':
      return encodeRegLoad(action);
    case 'resubmit':
      return encodeNicira(
        resubmitTableSubtype,
        new ByteWriter().uint16(inPort).uint8(action.table).zeros(3).finish(),
      );
    case 'output':
      return new ByteWriter()
        .uint16(outputType)
        .uint16(16)
        .uint32(action.port)
        .uint16(controllerMaxBytes)
        .zeros(6)
        .finish();
    case 'setQueue':
      return new ByteWriter().uint16(setQueueType).uint16(8).uint32(action.queueId).finish();
    case 'other':
      return Buffer.from(action.bytes, 'hex');
  }
}

/** §A.2.5: the padding to 8 bytes counts in the length, unlike a match's. */
function encodeSetField(field: Buffer): Buffer {
  const padding = paddingAfter(4 + field.length);
  return new ByteWriter()
    .uint16(setFieldType)
    .uint16(4 + field.length + padding)
    .bytes(field)
    .zeros(padding)
    .finish();
}

function encodeNicira(subtype: number, body: Buffer): Buffer {
  return new ByteWriter()
    .uint16(experimenterType)
    .uint16(10 + body.length)
    .uint32(nicira)
    .uint16(subtype)
    .bytes(body)
    .finish();
}

/** struct nx_action_reg_load: offset and size in one field, the register as an NXM header, a 64-bit value. */
function encodeRegLoad(action: Extract<Action, { type: 'loadRegister' }>): Buffer {
  const { register, offset, bits, value } = action;
  requireRegister(register);
  const body = new ByteWriter()
    .uint16((offset << 6) | (bits - 1))
    .uint32(nxmRegister(register))
    .uint64(BigInt(value));
  return encodeNicira(regLoadSubtype, body.finish());
}

/** NXM_NX_REG<n>, four bytes, no mask. */
function nxmRegister(register: number): number {
  return (1 << 16) | (register << 9) | 4;
}

function decodeAction(reader: ByteReader): Action {
  const header = reader.bytes(4);
  const length = header.readUInt16BE(2);
  if (length < 8 || length % 8 !== 0) {
    throw new MalformedMessage(`An action says it is ${length} bytes long; 8, 16, … are possible.`);
  }
  const body = reader.bytes(length - 4);
  return (
    knownAction(header.readUInt16BE(0), body) ?? {
      type: 'other',
      bytes: Buffer.concat([header, body]).toString('hex'),
    }
  );
}

function knownAction(type: number, body: Buffer): Action | null {
  if (type === outputType && body.length === 12)
    return { type: 'output', port: body.readUInt32BE() };
  if (type === setQueueType && body.length === 4) {
    return { type: 'setQueue', queueId: body.readUInt32BE() };
  }
  if (type === setFieldType) return setField(body);
  if (type === experimenterType) return niciraAction(new ByteReader(body));
  return null;
}

function setField(field: Buffer): Action | null {
  const dscp = decodeIpDscp(field.subarray(0, 4 + field.readUInt8(3)));
  return dscp === null ? null : { type: 'setIpDscp', dscp };
}

function niciraAction(reader: ByteReader): Action | null {
  if (reader.uint32() !== nicira) return null;
  const subtype = reader.uint16();
  if (subtype === regLoadSubtype) return regLoad(reader);
  if (subtype !== resubmitTableSubtype || reader.uint16() !== inPort) return null;
  return { type: 'resubmit', table: reader.uint8() };
}

function regLoad(reader: ByteReader): Action | null {
  const position = reader.uint16();
  const field = reader.uint32();
  const register = (field >>> 9) & 0x7f;
  if (field !== nxmRegister(register)) return null;
  return {
    type: 'loadRegister',
    register,
    offset: position >> 6,
    bits: (position & 0x3f) + 1,
    value: Number(reader.uint64()),
  };
}
