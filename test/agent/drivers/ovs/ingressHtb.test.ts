import { describe, expect, it } from 'vitest';
import { desire } from './fixture.ts';
import { A, aim, ingress, plan, queued, says } from './plans.ts';
import { onePort } from './world.ts';

describe('a plan for INGRESS', () => {
  it('makes queue and QoS in one guarded transaction', () => {
    const [change] = plan(ingress, onePort(A)).changes;
    expect(change?.secure).toMatchObject([
      { op: 'wait', table: 'Port', rows: [{ qos: ['set', []] }] },
      { op: 'insert', table: 'Queue' },
      { op: 'insert', table: 'QoS', row: { type: 'linux-htb' } },
      { op: 'update', table: 'Port' },
    ]);
  });

  it('changes the queue in place', () => {
    const [change] = plan(desire({ [A]: { INGRESS: { maxKbps: 2_000 } } }), queued).changes;
    expect(change?.secure.map(({ op, table }) => `${op} ${table}`)).toEqual([
      'wait Port',
      'wait QoS',
      'update QoS',
      'update Queue',
    ]);
    expect(change?.secure[3]?.row).toMatchObject({
      other_config: ['map', [['max-rate', '2000000'], ['burst', '1600000']]], // biome-ignore format: pairs
    });
  });

  it('takes a QoS of Sluice’s away that the port should not have', () => {
    for (const desired of [desire({}), desire({ [A]: {} })]) {
      const made = plan(desired, queued);
      expect(made.changes[0]?.release.map(({ op, table }) => `${op} ${table}`)).toEqual([
        'wait Port',
        'update Port',
        'delete QoS',
        'delete Queue',
      ]);
      expect(aim(made, 'INGRESS')).toMatchObject({ kind: 'removed' });
    }
  });

  it('sets up anew what the kernel has lost', () => {
    const [change] = plan(ingress, { ...queued, lost: ['p1'] }).changes;
    expect(change?.clear.map(({ op }) => op)).toEqual(['wait', 'update', 'delete', 'delete']);
    expect(change?.secure.map(({ op }) => op)).toEqual(['wait', 'insert', 'insert', 'update']);
  });

  it('leaves another owner’s QoS alone and says whose it found', () => {
    const foreign = { ...queued, QoS: { qos1: { type: 'linux-hfsc' } } };
    const made = plan(ingress, { ...foreign, Queue: {} });
    expect(made.changes).toEqual([]);
    expect(aim(made, 'INGRESS')).toMatchObject({ status: 'FAILED', message: says(/linux-hfsc/) });
  });

  it('holds at most what this version can, and says both numbers', () => {
    const fast = desire({ [A]: { INGRESS: { maxKbps: 40_000_000 } } });
    const notes = [says(/40000000 kbit\/s was asked for; Open vSwitch 3.1.0 .* holds 34359738/)];
    expect(aim(plan(fast, onePort(A)), 'INGRESS')).toMatchObject({ notes });
    const newer = { ...onePort(A), host: { ovsVersion: '3.2.1' } };
    expect(aim(plan(fast, newer), 'INGRESS')).toMatchObject({ notes: [] });
  });
});
