import type { DriverOptions } from '../../../../agent/drivers/driver.ts';
import { flowKey } from '../../../../agent/drivers/ovs/flows.ts';
import type { HostCapabilities } from '../../../../agent/drivers/ovs/hostCapabilities.ts';
import {
  type OpenFlowView,
  type OvsObservation,
  observation,
  viewDatabase,
} from '../../../../agent/drivers/ovs/observe.ts';
import { type Database, followed } from '../../../../agent/drivers/ovs/tables.ts';
import type { Flow } from '../../../../agent/openflow/flows.ts';
import type { Meter } from '../../../../agent/openflow/meters.ts';
import type { Uuid } from '../../../../agent/ovsdb/notation.ts';
import { decodeRow, type RowValues, type Table } from '../../../../agent/ovsdb/table.ts';

/** A switch made up for the pure parts: rows by readable ids, and what is on its first bridge. */
export interface World {
  readonly Bridge?: Rows<'Bridge'>;
  readonly Port?: Rows<'Port'>;
  readonly Interface?: Rows<'Interface'>;
  readonly QoS?: Rows<'QoS'>;
  readonly Queue?: Rows<'Queue'>;
  readonly meters?: readonly Meter[];
  readonly flows?: readonly Flow[];
  /** Others', where Sluice's would be. */
  readonly foreign?: readonly Flow[];
  readonly openflow?: OpenFlowView | null;
  readonly host?: Partial<HostCapabilities>;
  readonly bridges?: readonly string[] | null;
  readonly physicalPorts?: DriverOptions['physicalPorts'];
  readonly lost?: readonly string[];
  /** Interfaces, with the index of their device. */
  readonly policedInVain?: Readonly<Record<string, number>>;
}

type Rows<K extends keyof typeof followed> = Readonly<
  Record<string, Partial<RowValues<(typeof followed)[K]['columns']>>>
>;

/** A port `p1` of bridge `br0`, plugged as `portId` at OpenFlow port 1. */
export function onePort(portId: string, datapath_type = 'netdev'): World {
  return {
    Bridge: { br0: { name: 'br0', datapath_type, ports: [id('p1')] } },
    Port: { p1: { name: 'p1', interfaces: [id('i1')] } },
    Interface: {
      i1: {
        name: 'p1',
        ofport: 1,
        ifindex: 5,
        mtu: 1500,
        external_ids: ids({ 'iface-id': portId }),
      },
    },
  };
}

export function observe(world: World): OvsObservation | null {
  const { host, bridges = null, lost = [], policedInVain = {}, physicalPorts = null } = world;
  const database = {
    Open_vSwitch: rows(followed.Open_vSwitch, {}),
    Bridge: rows(followed.Bridge, world.Bridge),
    Port: rows(followed.Port, world.Port),
    Interface: rows(followed.Interface, world.Interface),
    QoS: rows(followed.QoS, world.QoS),
    Queue: rows(followed.Queue, world.Queue),
  } as Database;
  return observation({
    database: viewDatabase(database, { bridges, portKey: 'iface-id', physicalPorts }),
    host: {
      ovsVersion: '3.1.0',
      tcHtb: true,
      tcPolice: true,
      policesPackets: true,
      egressMechanism: 'auto',
      ...host,
    },
    lost: new Set(lost.map(id)),
    policedInVain: new Map(
      Object.entries(policedInVain).map(([name, ifindex]) => [id(name), ifindex]),
    ),
    openflow: (bridge) => {
      if (world.openflow !== undefined) return world.openflow;
      return bridge === firstBridge(world) ? known(world) : known({});
    },
  });
}

function firstBridge({ Bridge = {} }: World): string | undefined {
  return Object.values(Bridge)[0]?.name;
}

export function id(name: string): Uuid {
  return name as Uuid;
}

export function ids(entries: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(entries));
}

function known({ meters = [], flows = [], foreign = [] }: World): OpenFlowView {
  return {
    state: 'known',
    version: '3.1.0',
    features: {
      maxMeters: 1_000,
      maxBands: 8,
      canDrop: true,
      units: ['kbps', 'pktps'],
      canBurst: true,
    },
    meters: new Map(meters.map((meter) => [meter.id, meter])),
    flows: new Map(flows.map((flow) => [flowKey(flow), flow])),
    foreign: new Map(foreign.map((flow) => [flowKey(flow), flow])),
  };
}

/** What is not given has the column's default, and iterables become what a replica holds. */
function rows(table: Table, given: Readonly<Record<string, object>> = {}) {
  return new Map(
    Object.entries(given).map(([name, values]) => {
      const read = Object.entries(values).map(([column, value]) => [
        column,
        Array.isArray(value) ? new Set(value) : value,
      ]);
      return [id(name), { ...decodeRow(table, id(name), {}), ...Object.fromEntries(read) }];
    }),
  );
}
