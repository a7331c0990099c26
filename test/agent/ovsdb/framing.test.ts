import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FramingError, JsonFramer } from '../../../agent/ovsdb/framing.ts';

describe('JsonFramer', () => {
  it('finds the same messages however the bytes were cut', () => {
    const messages = fc.array(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()));
    const cuts = fc.array(fc.nat());
    fc.assert(
      fc.property(messages, cuts, (sent, at) => {
        const bytes = Buffer.from(sent.map((message) => JSON.stringify(message)).join(''));
        const framer = new JsonFramer();
        const found = cut(bytes, at).flatMap((chunk) => framer.push(chunk));
        expect(found.map(({ json }) => json)).toEqual(
          sent.map((message) => JSON.parse(JSON.stringify(message))),
        );
      }),
    );
  });

  it('takes white space between messages, also before a chunk ends', () => {
    const framer = new JsonFramer();
    const found = [' \n{"a":', '1} \t', '\r\n', '{"b":2}\n'].flatMap((text) =>
      framer.push(Buffer.from(text)),
    );
    expect(found.map(({ json }) => json)).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it.each(['HTTP/1.1 400 Bad Request', '[1]', '{]', '}{', '{"a":x}'])('refuses %s', (garbage) => {
    expect(() => new JsonFramer().push(Buffer.from(garbage))).toThrow(FramingError);
  });

  it.each([
    ['bytes', '{"a":"12"}', '{"a":"123"}', { bytes: 10, values: 99, depth: 99 }],
    ['values', '{"a":[0,0]}', '{"a":[0,0,0]}', { bytes: 99, values: 4, depth: 99 }],
    ['nested', '{"a":[{}]}', '{"a":[{"b":[]}]}', { bytes: 99, values: 99, depth: 3 }],
  ])(
    'refuses a message with more %s than its bound, and counts each anew',
    (what, most, more, bounds) => {
      const framer = new JsonFramer(bounds);
      for (let n = 0; n < 3; n += 1) expect(framer.push(Buffer.from(most))).toHaveLength(1);
      expect(() => framer.push(Buffer.from(more))).toThrow(FramingError);
      expect(() => new JsonFramer(bounds).push(Buffer.from(more))).toThrow(what);
    },
  );

  it('keeps of a message that comes byte by byte little more than its bytes', () => {
    const framer = new JsonFramer();
    framer.push(Buffer.from('{"a":"'));
    // As a socket gives them: each with memory of its own.
    const byte = () => Buffer.from(new ArrayBuffer(1)).fill(0x78);
    const before = heldBytes();
    for (let n = 0; n < 1_000_000; n += 1) framer.push(byte());
    expect(heldBytes() - before).toBeLessThan(20 * 1024 ** 2);
    expect(framer.push(Buffer.from('"}'))).toMatchObject([{ bytes: 1_000_008 }]);
  });

  it('cuts 20 MB that come in pieces of 64 KiB within seconds', () => {
    const rows = Object.fromEntries(
      Array.from({ length: 100_000 }, (_, n) => [`row-${n}`, { name: `"port" ${n}`.repeat(10) }]),
    );
    const bytes = Buffer.from(JSON.stringify(rows));
    const framer = new JsonFramer();
    const startMs = performance.now();
    const found: unknown[] = [];
    for (let at = 0; at < bytes.length; at += 65_536) {
      found.push(...framer.push(bytes.subarray(at, at + 65_536)));
    }
    expect(found).toHaveLength(1);
    expect(performance.now() - startMs).toBeLessThan(5_000);
  });
});

/** After all that nobody needs any more is gone. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function cut(bytes: Buffer, at: readonly number[]): Buffer[] {
  const places = at.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
  return [...places, bytes.length].map((end, index) => bytes.subarray(places[index - 1] ?? 0, end));
}
