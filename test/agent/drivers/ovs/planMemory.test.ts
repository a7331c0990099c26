import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Desired } from '../../../../agent/drivers/driver.ts';
import type { OvsPlan } from '../../../../agent/drivers/ovs/aims.ts';
import { withWrites } from '../../../../agent/drivers/ovs/bridgeContents.ts';
import { Memo } from '../../../../agent/drivers/ovs/memo.ts';
import {
  type DatabaseView,
  observation,
  viewDatabase,
} from '../../../../agent/drivers/ovs/observe.ts';
import { planOvs } from '../../../../agent/drivers/ovs/plan.ts';
import { PlanMemory } from '../../../../agent/drivers/ovs/planMemory.ts';
import { Planner } from '../../../../agent/drivers/ovs/planner.ts';
import { type Database, followed } from '../../../../agent/drivers/ovs/tables.ts';
import type { Uuid } from '../../../../agent/ovsdb/notation.ts';
import { type Columns, decodeRow } from '../../../../agent/ovsdb/table.ts';
import { desire, type Limits } from './fixture.ts';
import { id, ids } from './world.ts';

const portCount = 4;
const portIds = Array.from(
  { length: portCount },
  (_, n) => `aaaaaaaa-0000-0000-0000-00000000000${n}`,
);
const features = {
  maxMeters: 100,
  maxBands: 1,
  canDrop: true,
  units: ['kbps', 'pktps'],
  canBurst: true,
} as const;
const options = { bridges: null, portKey: 'iface-id', physicalPorts: null };

/** A switch whose rows change one at a time, as a replica's do: what does not change stays the same object. */
class LivingSwitch {
  readonly #rows: Record<keyof typeof followed, Map<Uuid, object>>;
  readonly #memory = { slots: new Memo<never>(), physicalPorts: new Memo<never>() };
  readonly #limits = new Map<string, Limits>();
  #view: DatabaseView | null = null;
  desired: Desired = new Map();
  host = {
    ovsVersion: '3.1.0',
    tcHtb: true,
    tcPolice: true,
    policesPackets: true,
    egressMechanism: 'auto',
  } as const;
  lost: ReadonlySet<Uuid> = new Set();
  policedInVain: ReadonlyMap<Uuid, number | null> = new Map();
  contents = { meters: new Map(), flows: new Map() } as Parameters<typeof withWrites>[0];

  constructor() {
    this.#rows = {
      Open_vSwitch: new Map(),
      Bridge: new Map(),
      Port: new Map(),
      Interface: new Map(),
      QoS: new Map(),
      Queue: new Map(),
    };
    const ports = new Set(portIds.map((_, n) => id(`p${n}`)));
    this.set('Bridge', 'br0', { name: 'br0', datapath_type: 'netdev', ports });
    for (const [n, portId] of portIds.entries()) {
      this.set('Port', `p${n}`, { name: `p${n}`, interfaces: new Set([id(`i${n}`)]) });
      this.set('Interface', `i${n}`, {
        name: `p${n}`,
        ofport: n + 1,
        mtu: 1500,
        external_ids: ids({ 'iface-id': portId }),
      });
    }
  }

  set(table: keyof typeof followed, name: string, values: object): void {
    const rows = this.#rows[table];
    const before = rows.get(id(name)) ?? decodeRow<Columns>(followed[table], id(name), {});
    rows.set(id(name), { ...before, ...values });
    this.#view = null;
  }

  /** Anew only after a change of a row, as the driver looks. */
  #look(): DatabaseView {
    const database = this.#rows as unknown as Database;
    this.#view ??= viewDatabase(database, options, this.#memory as never);
    return this.#view;
  }

  /** Nobody else's flows are in the way. */
  readonly foreign = new Map();

  ask(portId: string, limits: Limits): void {
    this.#limits.set(portId, limits);
    // A step makes new objects of the ports that it names, and of no others.
    this.desired = new Map([...this.desired, ...desire({ [portId]: limits })]);
  }

  /** Takes the OpenFlow part of a plan in, and its records. */
  apply({ changes }: OvsPlan): void {
    for (const { put, drop, secure } of changes) {
      this.contents = withWrites(this.contents, [...put, ...drop]);
      const inserted = secure.flatMap(({ mutations }) => JSON.stringify(mutations ?? ''));
      const records = [...inserted.join().matchAll(/\["(sluice-meter-[^"]+)","(\d+)"\]/g)];
      if (records.length === 0) continue;
      const bridge = this.#rows.Bridge.get(id('br0')) as {
        external_ids: ReadonlyMap<string, string>;
      };
      const added = records.map(([, key = '', value = '']) => [key, value] as const);
      this.set('Bridge', 'br0', { external_ids: new Map([...bridge.external_ids, ...added]) });
    }
  }

  observe() {
    const { foreign, contents } = this;
    const openflow = {
      ...({ state: 'known', version: '3.1.0' } as const),
      ...{ features, foreign },
      ...contents,
    };
    const observed = observation({
      database: this.#look(),
      host: this.host,
      lost: this.lost,
      policedInVain: this.policedInVain,
      openflow: () => openflow,
    });
    if (!observed) throw new Error('The switch is not known.');
    return observed;
  }
}

type Event = (living: LivingSwitch, plan: OvsPlan) => void;

const port = fc.nat(portCount - 1);
const rate = fc.constantFrom(1_000, 2_000, 50_000);
const events: fc.Arbitrary<Event> = fc.oneof(
  fc.tuple(port, rate).map(
    ([n, maxKbps]) =>
      (living: LivingSwitch) =>
        living.ask(portIds[n]!, { EGRESS: { maxKbps } }),
  ),
  fc.tuple(port, rate).map(
    ([n, maxKbps]) =>
      (living: LivingSwitch) =>
        living.ask(portIds[n]!, {
          INGRESS: { maxKbps },
          EGRESS: { maxKbps, maxKpps: 1, dscpMark: 10 },
        }),
  ),
  port.map((n) => (living: LivingSwitch) => {
    living.desired = new Map([...living.desired].filter(([portId]) => portId !== portIds[n]));
  }),
  fc.tuple(port, fc.constantFrom(-1, 1, 9)).map(
    ([n, ofport]) =>
      (living: LivingSwitch) =>
        living.set('Interface', `i${n}`, { ofport }),
  ),
  fc.tuple(port, port).map(
    ([n, of]) =>
      (living: LivingSwitch) =>
        living.set('Interface', `i${n}`, { external_ids: ids({ 'iface-id': portIds[of]! }) }),
  ),
  fc
    .tuple(port, fc.constantFrom('linux-htb', 'linux-sfq'))
    .map(([n, type]) => (living: LivingSwitch) => {
      living.set('QoS', `qos${n}`, { type });
      living.set('Port', `p${n}`, { qos: id(`qos${n}`) });
    }),
  fc
    .constantFrom('', 'netdev')
    .map(
      (datapath_type) => (living: LivingSwitch) => living.set('Bridge', 'br0', { datapath_type }),
    ),
  fc.tuple(port, rate).map(([n, kbps]) => (living: LivingSwitch) => {
    const external_ids = ids({ 'sluice-port': portIds[n]! });
    const other_config = ids({ 'max-rate': String(kbps * 1_000) });
    living.set('Queue', `queue${n}`, { other_config, external_ids });
    const queues = new Map([[0, id(`queue${n}`)]]);
    living.set('QoS', `qos${n}`, { type: 'linux-htb', queues, external_ids });
    living.set('Port', `p${n}`, { qos: id(`qos${n}`) });
  }),
  port.map((n) => (living: LivingSwitch) => {
    living.policedInVain = new Map([[id(`i${n}`), null]]);
  }),
  fc.boolean().map((tcHtb) => (living: LivingSwitch) => {
    living.host = { ...living.host, tcHtb } as LivingSwitch['host'];
  }),
  port.map((n) => (living: LivingSwitch) => {
    living.lost = new Set([id(`p${n}`)]);
  }),
  fc.nat(9).map((nth) => (living: LivingSwitch) => {
    const [key] = [...living.contents.flows.keys()].slice(nth);
    living.contents = {
      ...living.contents,
      flows: new Map([...living.contents.flows].filter(([each]) => each !== key)),
    };
  }),
  fc.constant((living: LivingSwitch, plan: OvsPlan) => living.apply(plan)),
);

function sorted({ changes, aims }: OvsPlan) {
  const keyOf = (of: { portId: string | null; direction: string }) =>
    `${of.portId} ${of.direction}`;
  const byKey = (a: Parameters<typeof keyOf>[0], b: Parameters<typeof keyOf>[0]) =>
    keyOf(a).localeCompare(keyOf(b));
  return { changes: changes.toSorted(byKey), aims: aims.toSorted(byKey) };
}

describe('a plan that remembers', () => {
  it('is the plan that remembers nothing, whatever changed since', () => {
    fc.assert(
      fc.property(fc.array(events, { minLength: 5, maxLength: 40 }), (history) => {
        const living = new LivingSwitch();
        const memory = new PlanMemory();
        let plan: OvsPlan = { changes: [], aims: [] };
        for (const happen of history) {
          happen(living, plan);
          const observed = living.observe();
          plan = planOvs(living.desired, observed, memory);
          expect(plan).toEqual(planOvs(living.desired, observed));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('is the same where only some ports are planned anew', () => {
    fc.assert(
      fc.property(fc.array(events, { minLength: 5, maxLength: 40 }), (history) => {
        const living = new LivingSwitch();
        const planner = new Planner(2);
        let plan: OvsPlan = { changes: [], aims: [] };
        for (const happen of history) {
          happen(living, plan);
          const observed = living.observe();
          plan = planner.plan(living.desired, observed);
          expect(sorted(plan)).toEqual(sorted(planOvs(living.desired, observed)));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is the very same where nothing changed, and keeps the aims of ports that did not', () => {
    const living = new LivingSwitch();
    const planner = new Planner();
    for (const portId of portIds) living.ask(portId, { EGRESS: { maxKbps: 1_000 } });
    living.apply(planner.plan(living.desired, living.observe()));
    const before = planner.plan(living.desired, living.observe());
    const again = planner.plan(living.desired, living.observe());
    living.ask(portIds[0]!, { EGRESS: { maxKbps: 2_000 } });
    const after = planner.plan(living.desired, living.observe());

    expect(again).toBe(before);
    expect(after.changes).toMatchObject([{ portId: portIds[0] }]);
    expect(after.aims.slice(1)).toEqual(before.aims.slice(1));
    expect(after.aims.slice(1).every((aim, index) => aim === before.aims[index + 1])).toBe(true);
  });

  it('decides nothing about a port that is as before', () => {
    const living = new LivingSwitch();
    const memory = new PlanMemory();
    for (const portId of portIds) living.ask(portId, { EGRESS: { maxKbps: 1_000 } });
    living.apply(planOvs(living.desired, living.observe(), memory));
    const before = planOvs(living.desired, living.observe(), memory);
    living.ask(portIds[0]!, { EGRESS: { maxKbps: 2_000 } });
    const after = planOvs(living.desired, living.observe(), memory);
    expect(after.aims.filter((aim) => !before.aims.includes(aim))).toMatchObject([
      { portId: portIds[0], programmed: { maxKbps: 2_000 } },
    ]);
  });
});
