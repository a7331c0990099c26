import fc from 'fast-check';

/** `npm run test:fuzz` sets it: so long each property is tried, with seeds that nobody chose. */
const seconds = Number(process.env.FUZZ_SECONDS ?? 0);

/** How a property is tried: `runs` times with a fixed seed, or for FUZZ_SECONDS; a failure prints its seed. */
export function fuzzing<T>(runs: number): fc.Parameters<T> {
  if (seconds === 0) return { numRuns: runs, seed: 1 };
  return {
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: seconds * 1_000,
    // Time that ran out is no failure.
    markInterruptAsFailure: false,
  };
}

/** For a test that tries one property. */
export const fuzzTimeoutMs = 60_000 + seconds * 1_000;

/** One thing done to bytes; places are taken modulo their number. */
export type Harm =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'set'; readonly at: number; readonly value: number }
  | { readonly kind: 'length'; readonly at: number; readonly value: number }
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'remove'; readonly at: number; readonly count: number }
  | { readonly kind: 'copy'; readonly at: number; readonly count: number; readonly to: number }
  | { readonly kind: 'insert'; readonly at: number; readonly bytes: Uint8Array };

const at = fc.nat();
const count = fc.integer({ min: 1, max: 300 });
/** Where lengths and counts go wrong. */
const edges = fc.constantFrom(0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 0x7f, 0xff, 0x7fff, 0x8000, 0xffff);

/** `tokens`: what means something to the parser. */
export function harms(tokens: readonly string[]): fc.Arbitrary<Harm[]> {
  const meaningful = fc.constantFrom(...tokens).map((token) => Buffer.from(token, 'latin1'));
  const harm: fc.Arbitrary<Harm> = fc.oneof(
    fc.record({ kind: fc.constant('flip' as const), at, bit: fc.nat(7) }),
    fc.record({ kind: fc.constant('set' as const), at, value: fc.nat(255) }),
    fc.record({
      kind: fc.constant('length' as const),
      at,
      value: fc.oneof(edges, fc.nat(0xffff)),
    }),
    fc.record({ kind: fc.constant('cut' as const), at }),
    fc.record({ kind: fc.constant('remove' as const), at, count }),
    fc.record({ kind: fc.constant('copy' as const), at, count, to: fc.nat() }),
    fc.record({
      kind: fc.constant('insert' as const),
      at,
      bytes: fc.oneof(meaningful, fc.uint8Array({ maxLength: 40 })),
    }),
  );
  return fc.array(harm, { minLength: 1, maxLength: 8 });
}

export function harmed(bytes: Buffer, all: readonly Harm[]): Buffer {
  return all.reduce(harmedOnce, bytes);
}

function harmedOnce(bytes: Buffer, harm: Harm): Buffer {
  if (bytes.length === 0) return bytes;
  const place = harm.at % bytes.length;
  switch (harm.kind) {
    case 'cut':
      return bytes.subarray(0, place);
    case 'remove':
      return Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + harm.count)]);
    case 'copy': {
      const to = harm.to % bytes.length;
      const part = bytes.subarray(place, place + harm.count);
      return Buffer.concat([bytes.subarray(0, to), part, bytes.subarray(to)]);
    }
    case 'insert':
      return Buffer.concat([bytes.subarray(0, place), harm.bytes, bytes.subarray(place)]);
    default: {
      const changed = Buffer.from(bytes);
      if (harm.kind === 'flip')
        changed.writeUInt8(changed.readUInt8(place) ^ (1 << harm.bit), place);
      else if (harm.kind === 'set') changed.writeUInt8(harm.value, place);
      else if (place + 1 < changed.length) changed.writeUInt16BE(harm.value, place);
      return changed;
    }
  }
}

/** Bytes in pieces, as a socket may give them. */
export function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
  return [...sorted, bytes.length].map((end, index) => bytes.subarray(sorted[index - 1] ?? 0, end));
}

/** Nothing was put where every object has it. */
export function isUnpolluted(): boolean {
  return Object.keys(Object.prototype).length === 0 && Object.keys(Array.prototype).length === 0;
}
