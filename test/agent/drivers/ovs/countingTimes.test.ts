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

it('begins with the change that made the limit', () => {
  const times = new CountingTimes();
  times.applied(changeOf('openflow', { put: [{ kind: 'addMeter', meter }] }), 10);
  expect(times.sampled(key, 5n, 100)).toBe(10);
  expect(times.sampled(key, 6n, 200)).toBe(10);
});

it('is not known of a limit that was there before the first look', () => {
  const times = new CountingTimes();
  expect(times.sampled(key, 5n, 100)).toBeNull();
  expect(times.sampled(key, 5n, 200)).toBeNull();
});

it('begins again when a meter is changed, even if more has passed since than before', () => {
  const times = new CountingTimes();
  times.sampled(key, 5n, 100);
  times.applied(modified, 150);
  expect(times.sampled(key, 9n, 200)).toBe(150);
});

it('begins again after the last look when counts fell and nobody here changed anything', () => {
  const times = new CountingTimes();
  times.sampled(key, 5n, 100);
  expect(times.sampled(key, 4n, 200)).toBe(100);
});

it('goes on through the change of a queue in place, and of a flow alone', () => {
  const times = new CountingTimes();
  times.sampled(key, 5n, 100);
  times.applied(changeOf('linux_htb', { secure: [{ op: 'update', table: 'Queue' }] }), 150);
  times.applied(changeOf('openflow', { put: [], drop: [] }), 150);
  expect(times.sampled(key, 5n, 200)).toBeNull();
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
    expect(times.sampled(limit, 5n, 100)).toBe(50);
  }
});

it('remembers what was applied until it is read back, however many samples are taken meanwhile', () => {
  const times = new CountingTimes();
  times.applied(modified, 50);
  for (const atMs of [100, 200, 300]) times.forgetBefore(atMs);
  times.keep(new Set([key]));
  expect(times.sampled(key, 1n, 400)).toBe(50);
});

it('forgets a limit that is gone: the next of its place has a beginning of its own', () => {
  const times = new CountingTimes();
  times.applied(modified, 50);
  times.sampled(key, 1n, 100);
  times.keep(new Set());
  times.forgetBefore(200);
  expect(times.sampled(key, 1n, 300)).toBeNull();
});
