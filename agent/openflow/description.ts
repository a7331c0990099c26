import type { Message } from './message.ts';
import { entries, multipartRequest, multipartType } from './multipart.ts';

/** §A.3.5.1: DESC_STR_LEN and SERIAL_NUM_LEN. */
const stringBytes = 256;
const serialBytes = 32;

/** §A.3.5.1: struct ofp_desc. */
export interface SwitchDescription {
  readonly hardware: string;
  readonly software: string;
}

export function descriptionRequest(): Message {
  return multipartRequest(multipartType.description);
}

export function decodeDescription(replies: readonly Message[]): SwitchDescription {
  const [description] = entries(replies, (reader) => {
    reader.skip(stringBytes); // the manufacturer
    const hardware = text(reader.bytes(stringBytes));
    const software = text(reader.bytes(stringBytes));
    reader.skip(serialBytes + stringBytes); // serial number, and a name for the datapath
    return { hardware, software };
  });
  return description ?? { hardware: '', software: '' };
}

/** Padded with zero bytes. */
function text(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}
