import { ByteReader } from './bytes.ts';
import { codeNames, typeNames } from './errorNames.ts';
import type { Frame } from './message.ts';

/** The switch refused one message. */
export class OpenFlowError extends Error {
  override readonly name = 'OpenFlowError';
  /** The refused message. */
  readonly xid: number;
  /** In the specification's words, such as OFPET_METER_MOD_FAILED and OFPMMFC_METER_EXISTS; numbers where it has none. */
  readonly type: string;
  readonly code: string;

  constructor(xid: number, type: string, code: string) {
    super(`The switch refused OpenFlow message ${xid}: ${type}, ${code}.`);
    this.xid = xid;
    this.type = type;
    this.code = code;
  }
}

/** The connection is no more; nothing is known of messages that were not answered. */
export class ConnectionClosed extends Error {
  override readonly name = 'ConnectionClosed';
  /** Nobody listens on the socket: the bridge is not served, or the switch does not run. */
  readonly nobodyListens: boolean;

  constructor(message: string, nobodyListens = false) {
    super(message);
    this.nobodyListens = nobodyListens;
  }
}

const experimenterType = 0xffff;

/** §A.4.4: struct ofp_error_msg; an experimenter's has its own type and id in place of a code. */
export function decodeError({ xid, body }: Frame): OpenFlowError {
  const reader = new ByteReader(body);
  const type = reader.uint16();
  const code = reader.uint16();
  if (type === experimenterType) {
    const experimenter = reader.uint32().toString(16);
    return new OpenFlowError(
      xid,
      'OFPET_EXPERIMENTER',
      `${code} of experimenter 0x${experimenter}`,
    );
  }
  return new OpenFlowError(xid, typeNames[type] ?? `type ${type}`, codeName(type, code));
}

function codeName(type: number, code: number): string {
  return codeNames[type]?.[code] ?? `code ${code}`;
}
