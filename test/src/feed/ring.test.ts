import { describe, expect, test } from 'vitest';
import { decodeRing, PendingRing } from '../../../src/feed/ring.ts';

const hosts = (count: number) =>
  Array.from({ length: count }, (_, n) => `host-${n}-${'x'.repeat(200)}`);
const notice = (names: readonly string[]) => ({ hosts: names, rules: [], agents: [] });

describe('a pending ring', () => {
  test('merges what is rung, once each', () => {
    const ring = new PendingRing('me');
    ring.add(notice(['a', 'b']));
    ring.add(notice(['b', 'c']));
    expect(ring.take().map(decodeRing)).toEqual([
      { from: 'me', notice: { hosts: ['a', 'b', 'c'], rules: [], agents: [] } },
    ]);
    expect(ring.take()).toEqual([]);
  });

  test('fits the payload of a NOTIFY, in several if need be, and loses nobody', () => {
    const ring = new PendingRing('me');
    const names = hosts(300);
    ring.add(notice(names));
    const payloads = ring.take();
    expect(payloads.length).toBeGreaterThan(1);
    for (const payload of payloads) expect(Buffer.byteLength(payload)).toBeLessThan(8_000);
    expect(payloads.flatMap((payload) => decodeRing(payload)?.notice?.hosts ?? [])).toEqual(names);
  });

  test('says only "look" when there is too much to name, or something was lost', () => {
    const ring = new PendingRing('me');
    ring.add(notice(hosts(20_000)));
    expect(ring.take().map(decodeRing)).toEqual([{ from: 'me', notice: null }]);
    ring.addUnknown();
    ring.add(notice(['a']));
    expect(ring.take().map(decodeRing)).toEqual([{ from: 'me', notice: null }]);
  });

  test('is not mistaken for what somebody else sent on the channel', () => {
    for (const payload of [
      '',
      'hello',
      '{}',
      '{"from":1}',
      '{"from":"x","notice":{"hosts":"a"}}',
    ]) {
      expect(decodeRing(payload)).toBeNull();
    }
  });
});
