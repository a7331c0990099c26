import { expect, it } from 'vitest';
import { change, type OvsChange } from '../../../../agent/drivers/ovs/aims.ts';
import { CountingTimes } from '../../../../agent/drivers/ovs/countingTimes.ts';

const key = 'p EGRESS';
const meter = { id: 7, unit: 'kbps', bands: [{ rate: 1, burst: 1 }] } as const;

function changeOf(
  mechanism: OvsChange['mechanism'],
  steps: Partial<OvsChange>,
  direction: OvsChange['direction'] = 'EGRESS',
): OvsChange[] {
  return [change({ portId: 'p', direction, mechanism, sentence: '' }, steps)];
}

const modified = changeOf('openflow', { put: [{ kind: 'modifyMeter', meter }] });

/** What the look before showed. */
const last = (packets: bigint, beganMs: number | null = null) => ({ packets, beganMs, atMs: 100 });

it('begins with the change that made the limit', () => {
  const times = new CountingTimes();
  times.applied(changeOf('openflow', { put: [{ kind: 'addMeter', meter }] }), 10);
  expect(times.beganMs(key, 5n, null)).toBe(10);
  expect(times.beganMs(key, 6n, last(5n, 10))).toBe(10);
});

it('is not known of a limit that was there before the first look', () => {
  const times = new CountingTimes();
  expect(times.beganMs(key, 5n, null)).toBeNull();
  expect(times.beganMs(key, 5n, last(5n))).toBeNull();
});

it('begins again when a meter is changed, even if more has passed since than before', () => {
  const times = new CountingTimes();
  times.applied(modified, 150);
  expect(times.isNew(key)).toBe(true);
  expect(times.beganMs(key, 9n, last(5n))).toBe(150);
  expect(times.isNew(key)).toBe(false);
});

it('begins again after the last look when counts fell and nobody here changed anything', () => {
  const times = new CountingTimes();
  expect(times.beganMs(key, 4n, last(5n))).toBe(100);
});

it('goes on through the change of a queue in place, and of a flow alone', () => {
  const times = new CountingTimes();
  times.applied(changeOf('linux_htb', { secure: [{ op: 'update', table: 'Queue' }] }), 150);
  times.applied(changeOf('openflow', { put: [], drop: [] }), 150);
  expect(times.isNew(key)).toBe(false);
  expect(times.beganMs(key, 5n, last(5n))).toBeNull();
});

it('begins again with a queue that is made, and with any change of a policer', () => {
  for (const [mechanism, direction, op, table] of [
    ['linux_htb', 'INGRESS', 'insert', 'QoS'],
    // A guarantee's queue stands in the QoS of a way out, which may have been there before.
    ['linux_htb', 'EGRESS', 'insert', 'Queue'],
    ['ingress_policing', 'EGRESS', 'update', 'Interface'],
  ] as const) {
    const times = new CountingTimes();
    const limit = `p ${direction}`;
    times.applied(changeOf(mechanism, { secure: [{ op, table }] }, direction), 50);
    expect(times.beganMs(limit, 5n, null)).toBe(50);
  }
});

it('remembers what was applied until it is read back, however many looks are taken meanwhile', () => {
  const times = new CountingTimes();
  times.settled(40);
  times.applied(modified, 50);
  for (let look = 0; look < 3; look += 1) times.keep(new Set());
  times.settled(60);
  times.keep(new Set([key]));
  expect(times.beganMs(key, 1n, null)).toBe(50);
});

it('forgets a limit that is gone: the next of its place has a beginning of its own', () => {
  const times = new CountingTimes();
  times.applied(modified, 50);
  times.settled(60);
  times.keep(new Set());
  expect(times.beganMs(key, 1n, null)).toBeNull();
});
