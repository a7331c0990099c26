import { describe, expect, it } from 'vitest';
import { desire } from './fixture.ts';
import { A, aim, egress, ingress, metered, plan, queued, says } from './plans.ts';
import { id, ids, observe, onePort } from './world.ts';

describe('a plan', () => {
  it('is empty where everything is right', () => {
    expect(plan(egress, metered).changes).toEqual([]);
    expect(plan(ingress, queued).changes).toEqual([]);
    expect(plan(desire({}), onePort(A)).changes).toEqual([]);
  });

  it('is the same for the same input', () => {
    expect(plan(egress, onePort(A))).toEqual(plan(egress, onePort(A)));
  });

  it('says what is beyond a mechanism, and does the rest', () => {
    const limits = { maxKbps: 1_000, minKbps: 5, maxKpps: 2 };
    const made = plan(desire({ [A]: { EGRESS: limits, INGRESS: limits } }), onePort(A));
    expect(aim(made, 'EGRESS')).toMatchObject({ kind: 'enforced', notes: [says(/minKbps/)] });
    expect(aim(made, 'INGRESS')).toMatchObject({ notes: [says(/maxKpps/), says(/minKbps/)] });
    const nothing = plan(
      desire({ [A]: { EGRESS: { minKbps: 5 }, INGRESS: { maxKpps: 1 } } }),
      metered,
    );
    expect(aim(nothing, 'EGRESS')).toMatchObject({ status: 'FAILED', message: says(/minKbps/) });
    expect(aim(nothing, 'INGRESS')).toMatchObject({ status: 'FAILED', message: says(/maxKpps/) });
    expect(nothing.changes).toMatchObject([{ drop: [{ kind: 'deleteFlow' }, {}] }]);
  });

  it('is not made while a bridge is not known yet', () => {
    expect(observe({ ...metered, openflow: null })).toBeNull();
  });
});

describe('bridges and ports', () => {
  it('looks only at the bridges that it is told to', () => {
    const made = plan(egress, { ...metered, bridges: ['br1'] });
    expect(made.changes).toEqual([]);
    expect(aim(made, 'EGRESS')).toMatchObject({ status: 'WAITING_FOR_PORT' });
  });

  it('knows a port by a UUID in any case, and counts what is none', () => {
    const { i1 } = onePort(A).Interface!;
    const shouting = ids({ 'iface-id': A.toUpperCase() });
    const observed = observe({
      ...onePort(A),
      Port: { p1: { interfaces: [id('i1'), id('i2')] } },
      Interface: {
        i1: { ...i1, external_ids: shouting },
        i2: { name: 'p2', ofport: 2, external_ids: ids({ 'iface-id': 'lsp-of-ovn' }) },
      },
    });
    expect(observed?.ports).toEqual([{ portId: A, interfaceName: 'p1', bridge: 'br0', mac: null }]);
    expect(observed?.ignored).toBe(1);
  });

  it('leaves the limits of a port alone that two interfaces claim', () => {
    const { i1 } = metered.Interface!;
    const { br0 } = metered.Bridge!;
    const twice = {
      ...metered,
      Bridge: { br0: { ...br0, ports: [id('p1'), id('p2')] } },
      Port: { ...metered.Port, p2: { name: 'p2', interfaces: [id('i2')] } },
      Interface: { i1: { ...i1 }, i2: { ...i1, name: 'p2', ofport: 2 } },
    };
    const made = plan(egress, twice);
    expect(made.changes).toEqual([]);
    expect(aim(made, 'EGRESS')).toMatchObject({ status: 'FAILED', message: says(/p1 and p2/) });
  });
});
