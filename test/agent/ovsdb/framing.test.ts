import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FramingError, JsonFramer } from '../../../agent/ovsdb/framing.ts';

const LIMIT = 1024 * 1024;

describe('JsonFramer', () => {
  it('finds the same messages however the bytes were cut', () => {
    const messages = fc.array(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()));
    const cuts = fc.array(fc.nat());
    fc.assert(
      fc.property(messages, cuts, (sent, at) => {
        const bytes = Buffer.from(sent.map((message) => JSON.stringify(message)).join(''));
        const framer = new JsonFramer(LIMIT);
        const found = cut(bytes, at).flatMap((chunk) => framer.push(chunk));
        expect(found).toEqual(sent.map((message) => JSON.parse(JSON.stringify(message))));
      }),
    );
  });

  it('takes white space between messages, also before a chunk ends', () => {
    const framer = new JsonFramer(LIMIT);
    const found = [' \n{"a":', '1} \t', '\r\n', '{"b":2}\n'].flatMap((text) =>
      framer.push(Buffer.from(text)),
    );
    expect(found).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it.each(['HTTP/1.1 400 Bad Request', '[1]', '{]', '}{', '{"a":x}'])('refuses %s', (garbage) => {
    expect(() => new JsonFramer(LIMIT).push(Buffer.from(garbage))).toThrow(FramingError);
  });

  it('refuses a message over its bound without keeping it', () => {
    const framer = new JsonFramer(10);
    expect(framer.push(Buffer.from('{"a":"12"}'))).toEqual([{ a: '12' }]);
    expect(() => framer.push(Buffer.from('{"a":"123"}'))).toThrow(/more than 10 bytes/);
  });

  it('cuts 20 MB that come in pieces of 64 KiB within seconds', () => {
    const rows = Object.fromEntries(
      Array.from({ length: 100_000 }, (_, n) => [`row-${n}`, { name: `"port" ${n}`.repeat(10) }]),
    );
    const bytes = Buffer.from(JSON.stringify(rows));
    const framer = new JsonFramer(bytes.length);
    const startMs = performance.now();
    const found = [];
    for (let at = 0; at < bytes.length; at += 65_536) {
      found.push(...framer.push(bytes.subarray(at, at + 65_536)));
    }
    expect(found).toHaveLength(1);
    expect(performance.now() - startMs).toBeLessThan(5_000);
  });
});

function cut(bytes: Buffer, at: readonly number[]): Buffer[] {
  const places = at.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
  return [...places, bytes.length].map((end, index) => bytes.subarray(places[index - 1] ?? 0, end));
}
