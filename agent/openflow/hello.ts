import { ByteReader, ByteWriter } from './bytes.ts';
import { type Frame, type Message, messageType, wireVersion } from './message.ts';

const versionBitmap = 1; // §A.5.1: OFPHET_VERSIONBITMAP
const names = ['', '1.0', '1.1', '1.2', '1.3', '1.4', '1.5'];

/** Offers OpenFlow 1.3 only: header and bitmap say the same. */
export function hello(): Message {
  const body = new ByteWriter()
    .uint16(versionBitmap)
    .uint16(8)
    .uint32(1 << wireVersion);
  return { type: messageType.hello, body: body.finish() };
}

/** The versions that a HELLO offers: its bitmap where there is one, else all up to its header's (§6.3.1). */
export function offeredVersions({ version, body }: Frame): readonly number[] {
  const bitmap = readBitmap(new ByteReader(body));
  const offered = (candidate: number) =>
    bitmap === null ? candidate <= version : (bitmap & (1 << candidate)) !== 0;
  return names.map((_, candidate) => candidate).filter((v) => v > 0 && offered(v));
}

/** `1.0, 1.1`: for a sentence. */
export function versionNames(versions: readonly number[]): string {
  return versions.map((version) => names[version] ?? `wire ${version}`).join(', ');
}

function readBitmap(elements: ByteReader): number | null {
  while (elements.remaining >= 4) {
    const type = elements.uint16();
    const length = elements.uint16();
    const element = elements.slice(length - 4);
    if (type === versionBitmap && element.remaining >= 4) return element.uint32();
    elements.skip(Math.min(elements.remaining, (8 - (length % 8)) % 8));
  }
  return null;
}
