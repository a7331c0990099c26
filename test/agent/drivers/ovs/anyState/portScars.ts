import fc from 'fast-check';
import { policingMark } from '../../../../../agent/drivers/ovs/ids.ts';
import {
  bridges,
  type Database,
  interfaces,
  type PortRow,
  ports,
} from '../../../../../agent/drivers/ovs/tables.ts';
import { NamedUuid, type Uuid } from '../../../../../agent/ovsdb/notation.ts';
import {
  excludingKeys,
  including,
  insert,
  isRow,
  mutate,
  type Operation,
  update,
} from '../../../../../agent/ovsdb/operations.ts';
import { unreachable } from '../../../../../lib/errors.ts';
import type { Datapath } from './datapaths.ts';
import { anyPort, deviceOf, portIdOf, portNamed, portNumber } from './lab.ts';

/** Something that somebody did to a port: policed it, named it otherwise, put it elsewhere or something else in its place. */
export type PortScar = { readonly of: 'port'; readonly port: number } & (
  | { readonly kind: 'police'; readonly marked: boolean; readonly rate: number }
  | { readonly kind: 'rename'; readonly id: string | null }
  | { readonly kind: 'move' | 'unplug' | 'unopenable' | 'internal' | 'bond' }
);

const head = { of: fc.constant('port' as const), port: portNumber };

export const portScar = (datapath: Datapath): fc.Arbitrary<PortScar> =>
  fc.oneof(
    fc.record({
      ...head,
      port: anyPort(datapath),
      kind: fc.constant('police'),
      marked: fc.boolean(),
      rate: fc.constantFrom(0, 1_000),
    }),
    fc.record({
      ...head,
      port: anyPort(datapath),
      kind: fc.constant('rename'),
      id: fc.oneof(
        portNumber.map(portIdOf),
        portNumber.map((n) => portIdOf(n).toUpperCase()),
        fc.constantFrom(null, '', 'not a "UUID"\n'),
      ),
    }),
    fc.record({
      ...head,
      kind: fc.constantFrom('move', 'unplug', 'unopenable', 'internal', 'bond'),
    }),
  );

/** The operations that make a scar. None where what it is about is not there. */
export function portWrites(scar: PortScar, rows: Database): readonly Operation[] {
  const port = portNamed(deviceOf(scar.port), rows);
  if (!port) return [];
  switch (scar.kind) {
    case 'police':
      return [...port.interfaces].flatMap((uuid) => police(scar, uuid));
    case 'rename':
      return [...port.interfaces].map((uuid) => setId(uuid, 'iface-id', scar.id));
    case 'move':
      return move(port, rows);
    case 'unplug':
      return exchange(port, null, rows);
    case 'bond':
      return bond(scar.port, port);
    case 'unopenable':
      return replace(scar.port, { name: `no${scar.port}`, type: '' }, port, rows);
    case 'internal':
      return replace(scar.port, { name: `int${scar.port}`, type: 'internal' }, port, rows);
    default:
      return unreachable(scar);
  }
}

function police(
  { port, marked, rate }: Extract<PortScar, { kind: 'police' }>,
  uuid: Uuid,
): Operation[] {
  const values = { ingress_policing_rate: rate, ingress_policing_burst: 80 };
  return [
    update(interfaces, [isRow(uuid)], values),
    setId(uuid, policingMark, marked ? portIdOf(port) : null),
  ];
}

/** Null: it is to have none of that key. */
function setId(uuid: Uuid, key: string, value: string | null): Operation {
  const pairs = new Map(value === null ? [] : [[key, value]]);
  const forget = excludingKeys(interfaces, 'external_ids', [key]);
  return mutate(interfaces, [isRow(uuid)], [forget, including(interfaces, 'external_ids', pairs)]);
}

/** To the other bridge: the row stays the same. */
function move(port: PortRow, { Bridge }: Database): Operation[] {
  const moved = new Set([port._uuid]);
  return [...Bridge.values()].map((bridge) =>
    update(bridges, [isRow(bridge._uuid)], { ports: bridge.ports.symmetricDifference(moved) }),
  );
}

function bond(n: number, port: PortRow): Operation[] {
  if (port.interfaces.size > 1) return [];
  const row = new NamedUuid('row');
  return [
    insert(interfaces, { name: `${deviceOf(n)}b` }, row),
    update(ports, [isRow(port._uuid)], { interfaces: [...port.interfaces, row] }),
  ];
}

/** Another port for the same id, with the QoS of the first. */
function replace(
  n: number,
  device: { readonly name: string; readonly type: string },
  port: PortRow,
  rows: Database,
): Operation[] {
  const [row, other] = [new NamedUuid('row'), new NamedUuid('other')];
  const external_ids = new Map([['iface-id', portIdOf(n)]]);
  return [
    insert(interfaces, { ...device, external_ids }, row),
    insert(ports, { name: device.name, interfaces: [row], qos: port.qos }, other),
    ...exchange(port, other, rows),
  ];
}

/** With a port goes its row: nothing else names it. */
function exchange(port: PortRow, by: NamedUuid | null, { Bridge }: Database): Operation[] {
  return [...Bridge.values()]
    .filter((bridge) => bridge.ports.has(port._uuid))
    .map((bridge) => {
      const rest = [...bridge.ports].filter((uuid) => uuid !== port._uuid);
      return update(bridges, [isRow(bridge._uuid)], { ports: by ? [...rest, by] : rest });
    });
}
