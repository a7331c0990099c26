import { ByteReader, ByteWriter, MalformedMessage, paddingAfter } from './bytes.ts';

/** Bits of one of Open vSwitch's registers, `reg0` to `reg15`: `(packet & mask) === (value & mask)`. */
export interface RegisterMatch {
  readonly register: number;
  readonly value: number;
  readonly mask: number;
}

/** Which packets a flow takes; what is left out may be anything. */
export interface Match {
  readonly inPort?: number;
  /** 0x0800 IPv4, 0x86dd IPv6. */
  readonly ethType?: number;
  /** 0 to 63; needs an `ethType` of IP. */
  readonly ipDscp?: number;
  readonly registers?: readonly RegisterMatch[];
  /** Fields that this module does not know, whole and in hexadecimal, so that a foreign flow is never mistaken for one of ours. */
  readonly others?: readonly string[];
}

/** Class and field of an OXM header, §A.2.3.2; class 1 is Open vSwitch's NXM_1 (ovs-fields(7)). */
const inPortField = { class: 0x8000, field: 0 };
const ethTypeField = { class: 0x8000, field: 5 };
const ipDscpField = { class: 0x8000, field: 8 };
const registerClass = 0x0001;
const registerCount = 16;
const allBits = 0xffff_ffff;

/** Type, length without padding, OXM fields, zeros up to 8 bytes (§A.2.3). */
export function encodeMatch(match: Match): Buffer {
  const fields = encodeFields(match);
  const length = 4 + fields.length;
  return new ByteWriter()
    .uint16(1) // OFPMT_OXM
    .uint16(length)
    .bytes(fields)
    .zeros(paddingAfter(length))
    .finish();
}

/** One OXM field without a mask, as a match and a set-field action hold it. */
export function encodeIpDscp(dscp: number): Buffer {
  return oxm(ipDscpField, new ByteWriter().uint8(dscp).finish());
}

export function decodeMatch(reader: ByteReader): Match {
  const type = reader.uint16();
  const length = reader.uint16();
  if (type !== 1) throw new MalformedMessage(`A match has type ${type}; 1 is OXM.`);
  const fields = reader.slice(length - 4);
  reader.skip(paddingAfter(length));
  const match: MatchDraft = {};
  while (fields.remaining > 0) addField(match, fields);
  return match;
}

/** The DSCP that an OXM field holds, or null where it is another field. */
export function decodeIpDscp(field: Buffer): number | null {
  const match: MatchDraft = {};
  addField(match, new ByteReader(field));
  return match.ipDscp ?? null;
}

function encodeFields(match: Match): Buffer {
  const { inPort, ethType, ipDscp, registers = [], others = [] } = match;
  const writer = new ByteWriter();
  if (inPort !== undefined) {
    writer.bytes(oxm(inPortField, new ByteWriter().uint32(inPort).finish()));
  }
  // §A.2.3.6: a field comes after those that it needs.
  if (ethType !== undefined) {
    writer.bytes(oxm(ethTypeField, new ByteWriter().uint16(ethType).finish()));
  }
  if (ipDscp !== undefined) writer.bytes(encodeIpDscp(ipDscp));
  for (const register of registers) writer.bytes(encodeRegister(register));
  for (const field of others) writer.bytes(Buffer.from(field, 'hex'));
  return writer.finish();
}

function encodeRegister({ register, value, mask }: RegisterMatch): Buffer {
  requireRegister(register);
  const bytes = new ByteWriter().uint32((value & mask) >>> 0).uint32(mask);
  return oxm({ class: registerClass, field: register }, bytes.finish(), true);
}

function oxm(header: { class: number; field: number }, value: Buffer, hasMask = false): Buffer {
  return new ByteWriter()
    .uint16(header.class)
    .uint8((header.field << 1) | (hasMask ? 1 : 0))
    .uint8(value.length)
    .bytes(value)
    .finish();
}

type MatchDraft = {
  -readonly [K in keyof Match]: Match[K];
} & { registers?: RegisterMatch[]; others?: string[] };

function addField(match: MatchDraft, fields: ByteReader): void {
  const header = fields.bytes(4);
  const oxmClass = header.readUInt16BE(0);
  const field = header.readUInt8(2) >> 1;
  const hasMask = (header.readUInt8(2) & 1) === 1;
  const value = fields.bytes(header.readUInt8(3));
  const is = (known: { class: number; field: number }, bytes: number) =>
    oxmClass === known.class && field === known.field && !hasMask && value.length === bytes;

  if (is(inPortField, 4)) match.inPort = value.readUInt32BE();
  else if (is(ethTypeField, 2)) match.ethType = value.readUInt16BE();
  else if (is(ipDscpField, 1)) match.ipDscp = value.readUInt8();
  else if (
    oxmClass === registerClass &&
    field < registerCount &&
    value.length === (hasMask ? 8 : 4)
  ) {
    const mask = hasMask ? value.readUInt32BE(4) : allBits;
    match.registers ??= [];
    match.registers.push({ register: field, value: value.readUInt32BE(0), mask });
  } else {
    match.others ??= [];
    match.others.push(Buffer.concat([header, value]).toString('hex'));
  }
}

/** Throws a RangeError with a sentence where Open vSwitch has no such register. */
export function requireRegister(register: number): void {
  if (Number.isInteger(register) && register >= 0 && register < registerCount) return;
  throw new RangeError(`Open vSwitch has registers 0 to 15, not ${register}.`);
}
