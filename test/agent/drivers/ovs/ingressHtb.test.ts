import { describe, expect, it } from 'vitest';
import { desire } from './fixture.ts';
import { A, aim, B, ingress, plan, queued, says } from './plans.ts';
import { id, ids, onePort, type World } from './world.ts';

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

  it('leaves a row to a port that keeps it for now, which somebody pointed at it as well', () => {
    const { p1 } = queued.Port!;
    const { i1 } = queued.Interface!;
    const other = (row: object): World => ({
      ...queued,
      Bridge: { br0: { ...queued.Bridge!.br0, ports: [id('p1'), id('p2')] } },
      Port: { p1: p1!, p2: { name: 'p2', interfaces: [id('i2')], qos: id('qos1') } },
      Interface: { i1: i1!, i2: { ...i1, name: 'p2', ofport: 2, ...row } },
    });
    const wanted = desire({ [B]: { INGRESS: { maxKbps: 1_000 } } });
    const unopened = other({ ofport: -1, external_ids: ids({ 'iface-id': B }) });
    expect(plan(wanted, unopened).changes).toMatchObject([{ release: [{}, { op: 'update' }] }]);
    const opened = other({ external_ids: ids({ 'iface-id': B }) });
    expect(plan(wanted, opened).changes[1]).toMatchObject({
      release: [{}, {}, { op: 'delete' }, { op: 'delete' }],
    });
  });
});
