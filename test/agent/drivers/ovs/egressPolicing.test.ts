import { describe, expect, it } from 'vitest';
import { desire } from './fixture.ts';
import { A, aim, egress, plan, says } from './plans.ts';
import { onePort, type World } from './world.ts';

describe('a plan on a kernel bridge', () => {
  const world = onePort(A, 'system');
  const policed = (() => {
    const { i1 } = world.Interface!;
    const external_ids = new Map([...i1!.external_ids!, ['sluice-policing', A]] as const);
    const columns = { ingress_policing_rate: 1_000, ingress_policing_burst: 800, external_ids };
    return { ...world, Interface: { i1: { ...i1, ...columns } } };
  })();

  it('polices where the kernel can', () => {
    const made = plan(egress, world);
    expect(made.changes[0]?.secure).toMatchObject([
      { op: 'wait', table: 'Interface', rows: [{ ingress_policing_rate: 0 }] },
      { op: 'update', row: { ingress_policing_rate: 1_000, ingress_policing_burst: 800 } },
      { op: 'mutate', table: 'Interface' },
    ]);
    expect(aim(made, 'EGRESS')).toMatchObject({ programmed: { mechanism: 'ingress_policing' } });
    expect(plan(egress, policed).changes).toEqual([]);
  });

  it('meters where the kernel cannot, and lets go of the policer only then', () => {
    const { changes } = plan(egress, { ...policed, host: { tcPolice: false } });
    expect(changes).toHaveLength(2);
    expect(changes[0]?.release).toMatchObject([{ op: 'wait' }, { op: 'update' }, { op: 'mutate' }]);
    expect(changes[1]?.put).toMatchObject([{ kind: 'addMeter' }, { kind: 'addFlow' }]);
  });

  it('meters an interface alone on which the kernel keeps no policer, until its device is another', () => {
    const made = plan(egress, { ...policed, policedInVain: { i1: 5 } });
    expect(aim(made, 'EGRESS')).toMatchObject({ programmed: { mechanism: 'openflow_meter' } });
    const forced = { egressMechanism: 'ingress_policing' } as const;
    const refused = plan(egress, { ...policed, policedInVain: { i1: 5 }, host: forced });
    expect(aim(refused, 'EGRESS')).toMatchObject({
      status: 'FAILED',
      message: says(/p1 .* twice/),
    });
    const others = plan(egress, { ...policed, policedInVain: { i1: 4, i2: 5 } });
    expect(others.changes).toEqual([]);
    expect(aim(others, 'EGRESS')).toMatchObject({ programmed: { mechanism: 'ingress_policing' } });
  });

  it('meters an internal port: what a policer there limits is what reaches it', () => {
    const { i1 } = policed.Interface;
    const internal = { ...policed, Interface: { i1: { ...i1, type: 'internal' } } };
    const made = plan(egress, internal);
    expect(aim(made, 'EGRESS')).toMatchObject({ programmed: { mechanism: 'openflow_meter' } });
    expect(made.changes).toMatchObject([
      { release: [{}, { row: { ingress_policing_rate: 0 } }, {}] },
      { put: [{ kind: 'addMeter' }, { kind: 'addFlow' }] },
    ]);
    const forced = { egressMechanism: 'ingress_policing' } as const;
    expect(aim(plan(egress, { ...internal, host: forced }), 'EGRESS')).toMatchObject({
      status: 'FAILED',
      message: says(/p1 is of type internal: a policer there limits what reaches it/),
    });
  });

  it('fails and does not stay programmed where policing is forced and the kernel cannot', () => {
    const host = { tcPolice: false, egressMechanism: 'ingress_policing' } as const;
    const made = plan(egress, { ...policed, host });
    expect(aim(made, 'EGRESS')).toMatchObject({ status: 'FAILED', message: says(/no tc police/) });
    expect(made.changes).toMatchObject([
      { release: [{}, { row: { ingress_policing_rate: 0 } }, {}] },
    ]);
  });

  it('leaves policing alone that is not Sluice’s', () => {
    const { i1 } = world.Interface!;
    const foreign = { ...world, Interface: { i1: { ...i1, ingress_policing_rate: 777 } } };
    const made = plan(egress, foreign);
    expect(made.changes).toEqual([]);
    expect(aim(made, 'EGRESS')).toMatchObject({ status: 'FAILED', message: says(/777 kbit/) });
    expect(plan(desire({}), foreign).changes).toEqual([]);
  });

  it('meters bits and packets together: no policer holds both', () => {
    const both = desire({ [A]: { EGRESS: { maxKbps: 1_000, maxKpps: 7 } } });
    const mechanismOf = (given: World) => aim(plan(both, given), 'EGRESS');
    expect(mechanismOf(world)).toMatchObject({
      programmed: { mechanism: 'openflow_meter', maxKpps: 7 },
      notes: [],
    });
    const openflow = { state: 'refused', reason: 'OpenFlow is away.' } as const;
    const bitsOnly = { programmed: { mechanism: 'ingress_policing', maxKpps: null } };
    for (const given of [
      { openflow },
      { host: { egressMechanism: 'ingress_policing' } as const },
    ]) {
      const notes = [says(/maxKpps is not enforced/)];
      expect(mechanismOf({ ...world, ...given })).toMatchObject({ ...bitsOnly, notes });
    }
  });

  it('polices packets from Open vSwitch 2.16 on', () => {
    const packets = desire({ [A]: { EGRESS: { maxKpps: 7 } } });
    const row = { ingress_policing_rate: 0, ingress_policing_kpkts_rate: 7 };
    expect(plan(packets, world).changes[0]?.secure[1]).toMatchObject({ row });
    const old = plan(packets, { ...world, host: { policesPackets: false } });
    expect(aim(old, 'EGRESS')).toMatchObject({ status: 'FAILED', message: says(/version 2.16/) });
  });
});
