import fc from 'fast-check';
import { physicalMark, portMark } from '../../../../../agent/drivers/ovs/ids.ts';
import {
  type Database,
  type PortRow,
  ports,
  type QosRow,
  qos,
  queues,
} from '../../../../../agent/drivers/ovs/tables.ts';
import { NamedUuid, type Uuid } from '../../../../../agent/ovsdb/notation.ts';
import { insert, isRow, type Operation, update } from '../../../../../agent/ovsdb/operations.ts';
import { unreachable } from '../../../../../lib/errors.ts';
import type { Datapath } from './datapaths.ts';
import { anyPort, deviceOf, isUplink, portIdOf, portNamed, portNumber } from './lab.ts';

/** Something that somebody did to the QoS and Queue rows of a port. */
export type QosScar = { readonly of: 'qos'; readonly port: number } & (
  | RowScar
  | { readonly kind: 'borrowQos'; readonly from: number }
  | { readonly kind: 'insertQos'; readonly marked: boolean; readonly attached: boolean }
);

/** What needs a QoS that the port has. */
type RowScar =
  | { readonly kind: 'unlinkQos' | 'unlinkQueues' | 'addQueue' | 'unmarkQos' | 'unmarkQueue' }
  | { readonly kind: 'borrowQueue'; readonly from: number }
  | {
      readonly kind: 'configureQos' | 'configureQueue' | 'retypeQos' | 'remarkQos';
      readonly value: string;
    };

const garbage = fc.constantFrom('', 'garbage', '-1', '0', '1e99', '1000000');

export function qosScar(datapath: Datapath): fc.Arbitrary<QosScar> {
  const port = anyPort(datapath);
  const head = { of: fc.constant('qos' as const), port };
  return fc.oneof(
    fc.record({
      ...head,
      kind: fc.constantFrom('unlinkQos', 'unlinkQueues', 'addQueue', 'unmarkQos', 'unmarkQueue'),
    }),
    fc.record({ ...head, kind: fc.constant('borrowQos'), from: port }),
    fc.record({ ...head, kind: fc.constant('borrowQueue'), from: port }),
    fc.record({
      ...head,
      kind: fc.constantFrom('configureQos', 'configureQueue'),
      value: garbage,
    }),
    fc.record({
      ...head,
      kind: fc.constant('retypeQos'),
      // Not linux-noop: with that Open vSwitch leaves in the kernel what is there, also when it is told to clear.
      value: fc.constantFrom('linux-hfsc', 'garbage'),
    }),
    fc.record({
      ...head,
      kind: fc.constant('remarkQos'),
      value: fc.oneof(portNumber.map(portIdOf), fc.constantFrom('', 'garbage')),
    }),
    fc.record({
      ...head,
      kind: fc.constant('insertQos'),
      marked: fc.boolean(),
      attached: fc.boolean(),
    }),
  );
}

/** The operations that make a scar. None where what it is about is not there. */
export function qosWrites(scar: QosScar, rows: Database): readonly Operation[] {
  const port = portNamed(deviceOf(scar.port), rows);
  if (scar.kind === 'insertQos') return insertQos(scar, port);
  if (!port) return [];
  if (scar.kind === 'borrowQos') {
    const { qos: other = null } = portNamed(deviceOf(scar.from), rows) ?? {};
    return other === null ? [] : toPort(port, other);
  }
  const row = rows.QoS.get(port.qos ?? port._uuid);
  return row ? toRow(scar, port, row, rows) : [];
}

function toRow(scar: RowScar, port: PortRow, row: QosRow, rows: Database): Operation[] {
  switch (scar.kind) {
    case 'unlinkQos':
      return toPort(port, null);
    case 'unlinkQueues':
      return [update(qos, [isRow(row._uuid)], { queues: new Map() })];
    case 'addQueue':
      return addQueue(row);
    case 'borrowQueue': {
      const other = rows.QoS.get(portNamed(deviceOf(scar.from), rows)?.qos ?? row._uuid);
      return other ? [update(qos, [isRow(row._uuid)], { queues: other.queues })] : [];
    }
    case 'unmarkQos':
      return [update(qos, [isRow(row._uuid)], { external_ids: new Map() })];
    case 'unmarkQueue':
      return toQueue(row, { external_ids: new Map() });
    case 'configureQos':
      return [update(qos, [isRow(row._uuid)], { other_config: maxRate(scar.value) })];
    case 'configureQueue':
      return toQueue(row, { other_config: maxRate(scar.value) });
    case 'retypeQos':
      return [update(qos, [isRow(row._uuid)], { type: scar.value })];
    case 'remarkQos':
      return [update(qos, [isRow(row._uuid)], { external_ids: new Map([[portMark, scar.value]]) })];
    default:
      return unreachable(scar);
  }
}

const maxRate = (value: string) => new Map([['max-rate', value]]);

function toPort(port: PortRow, uuid: Uuid | null): Operation[] {
  return [update(ports, [isRow(port._uuid)], { qos: uuid })];
}

function toQueue(
  row: QosRow,
  values: Parameters<typeof update<typeof queues.columns>>[2],
): Operation[] {
  const [uuid] = row.queues.values();
  return uuid ? [update(queues, [isRow(uuid)], values)] : [];
}

function addQueue(row: QosRow): Operation[] {
  const queue = new NamedUuid('added');
  return [
    insert(queues, { external_ids: row.external_ids, other_config: maxRate('5000000') }, queue),
    update(qos, [isRow(row._uuid)], {
      queues: new Map<number, Uuid | NamedUuid>([...row.queues, [7, queue]]),
    }),
  ];
}

function insertQos(
  { port: n, marked, attached }: Extract<QosScar, { kind: 'insertQos' }>,
  port: PortRow | undefined,
): Operation[] {
  const [row, queue] = [new NamedUuid('row'), new NamedUuid('queue')];
  const external_ids = marked
    ? new Map([isUplink(n) ? [physicalMark, deviceOf(n)] : [portMark, portIdOf(n)]])
    : new Map([['owner', 'somebody']]);
  return [
    insert(queues, { external_ids, other_config: maxRate('7000000') }, queue),
    insert(qos, { type: 'linux-htb', external_ids, queues: new Map([[0, queue]]) }, row),
    ...(port && attached ? [update(ports, [isRow(port._uuid)], { qos: row })] : []),
  ];
}
