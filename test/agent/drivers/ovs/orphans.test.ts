import { describe, expect, it } from 'vitest';
import type { Flow } from '../../../../agent/openflow/flows.ts';
import { desire } from './fixture.ts';
import { A, egress, ingress, metered, plan, queued } from './plans.ts';
import { id, ids, onePort } from './world.ts';

/** The switch after `ingress` was enforced, but its interface names no port any more. */
const unnamed = (() => {
  const { i1 } = queued.Interface!;
  return { ...queued, Interface: { i1: { ...i1, external_ids: ids({}) } } };
})();

describe('a plan for what was left behind', () => {
  it('takes away what an unplugged port left: its number may be another’s soon', () => {
    const unplugged = { ...metered, Interface: {}, Port: {} };
    const { changes, aims } = plan(egress, unplugged);
    expect(changes).toMatchObject([{ drop: [{ kind: 'deleteFlow' }, { kind: 'deleteMeter' }] }]);
    expect(aims).toMatchObject([{ kind: 'verdict', status: 'WAITING_FOR_PORT' }]);
  });

  it('drops a flow with Sluice’s cookie that nobody accounts for', () => {
    const stray: Flow = { ...metered.flows![0]!, match: { inPort: 44 }, meter: null };
    const { changes } = plan(egress, { ...metered, flows: [...metered.flows!, stray] });
    expect(changes).toMatchObject([{ portId: null, drop: [{ flow: { match: { inPort: 44 } } }] }]);
  });

  it('takes a QoS of Sluice’s away when the interface names no port any more', () => {
    expect(plan(desire({}), unnamed).changes).toMatchObject([
      { portId: A, release: [{}, {}, {}, {}] },
    ]);
  });

  it('says one thing of a port whose interface names it no more', () => {
    const gone = plan(ingress, unnamed);
    expect(gone.changes).toMatchObject([{ release: [{}, {}, {}, {}] }]);
    expect(gone.aims).toMatchObject([{ kind: 'verdict', status: 'WAITING_FOR_PORT' }]);

    const moved = plan(ingress, {
      ...unnamed,
      Bridge: { br0: { ...queued.Bridge!.br0, ports: [id('p1'), id('p2')] } },
      Port: { ...queued.Port, p2: { name: 'p2', interfaces: [id('i2')] } },
      Interface: { ...unnamed.Interface, i2: { ...queued.Interface!.i1, name: 'p2', ofport: 2 } },
    });
    expect(moved.changes).toHaveLength(2);
    expect(moved.aims).toMatchObject([{ kind: 'enforced', checks: [{ device: { name: 'p2' } }] }]);
  });

  it('removes orphans of Sluice’s only', () => {
    const world = {
      ...queued,
      Port: onePort(A).Port!,
      QoS: { ...queued.QoS, qos2: { type: 'linux-htb' } },
      Queue: { ...queued.Queue, queue2: {} },
    };
    const [change, ...more] = plan(desire({}), world).changes;
    expect(more).toEqual([]);
    expect(change?.release).toMatchObject([
      { op: 'delete', table: 'QoS', where: [['_uuid', '==', ['uuid', 'qos1']]] },
      { op: 'delete', table: 'Queue', where: [['_uuid', '==', ['uuid', 'queue1']]] },
    ]);
  });
});
