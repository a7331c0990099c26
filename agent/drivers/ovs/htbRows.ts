import { NamedUuid } from '../../ovsdb/notation.ts';
import { guard, insert, isRow, type Operation, remove, update } from '../../ovsdb/operations.ts';
import { portMark } from './ids.ts';
import { type Bucket, rate32MaxKbps } from './limits.ts';
import type { OurQos, Slot } from './ports.ts';
import { ports, qos, queues } from './tables.ts';

/** A port's own QoS with one queue: what the rows are to hold, and how they are made, changed and removed. */
export interface HtbRows {
  readonly qosConfig: ReadonlyMap<string, string>;
  readonly queueConfig: ReadonlyMap<string, string>;
  readonly marks: ReadonlyMap<string, string>;
}

/**
 * The root's rate is far above the queue's: a queue's burst acts only below the root's rate, and the
 * root's default, the link's speed or 10 Gbit/s, would cap a faster queue.
 */
export function htbRows(portId: string, { rate, burst }: Bucket): HtbRows {
  const rootKbps = rate <= rate32MaxKbps ? rate32MaxKbps : rate * 2;
  return {
    qosConfig: new Map([['max-rate', String(rootKbps * 1000)]]),
    queueConfig: new Map([
      ['max-rate', String(rate * 1000)],
      ['burst', String(burst * 1000)],
    ]),
    marks: new Map([[portMark, portId]]),
  };
}

export function holds({ row, isBorrowed, queue }: OurQos, rows: HtbRows): boolean {
  return (
    !isBorrowed &&
    row.type === 'linux-htb' &&
    row.external_ids.get(portMark) === rows.marks.get(portMark) &&
    sameConfig(row.other_config, rows.qosConfig) &&
    queue !== null &&
    sameConfig(queue.config, rows.queueConfig)
  );
}

function sameConfig(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && a.entries().every(([key, value]) => b.get(key) === value);
}

/** In place of nothing, or of a row that is another port's. */
export function create(slot: Slot, rows: HtbRows): Operation[] {
  const name = slot.port._uuid.replaceAll('-', '');
  const instead = slot.qos.owner === 'sluice' && slot.qos.isBorrowed ? slot.qos.row._uuid : null;
  const [newQos, newQueue] = [new NamedUuid(`qos${name}`), new NamedUuid(`queue${name}`)];
  return [
    guard(ports, [isRow(slot.port._uuid)], { qos: instead }),
    insert(queues, { other_config: rows.queueConfig, external_ids: rows.marks }, newQueue),
    insert(
      qos,
      {
        type: 'linux-htb',
        queues: new Map([[0, newQueue]]),
        other_config: rows.qosConfig,
        external_ids: rows.marks,
      },
      newQos,
    ),
    update(ports, [isRow(slot.port._uuid)], { qos: newQos }),
  ];
}

/** vswitchd changes the kernel's class where it is: there is no moment without a limit. */
export function updateInPlace(
  slot: Slot,
  { row, queue, queues: own }: OurQos,
  rows: HtbRows,
): Operation[] {
  const external_ids = new Map([...row.external_ids, ...rows.marks]);
  const values = { type: 'linux-htb', other_config: rows.qosConfig, external_ids };
  const queueValues = { other_config: rows.queueConfig, external_ids: rows.marks };
  const guards = [
    guard(ports, [isRow(slot.port._uuid)], { qos: row._uuid }),
    guard(qos, [isRow(row._uuid)], { queues: row.queues }),
  ];
  if (queue) {
    return [
      ...guards,
      update(qos, [isRow(row._uuid)], values),
      update(queues, [isRow(queue.uuid)], queueValues),
    ];
  }
  const name = new NamedUuid(`queue${slot.port._uuid.replaceAll('-', '')}`);
  return [
    ...guards,
    insert(queues, queueValues, name),
    update(qos, [isRow(row._uuid)], { ...values, queues: new Map([[0, name]]) }),
    ...own.map((uuid) => remove(queues, [isRow(uuid)])),
  ];
}

export function release(slot: Slot, { row, isBorrowed, queues: own }: OurQos): Operation[] {
  const detach = [
    guard(ports, [isRow(slot.port._uuid)], { qos: row._uuid }),
    update(ports, [isRow(slot.port._uuid)], { qos: null }),
  ];
  if (isBorrowed) return detach;
  return [
    ...detach,
    remove(qos, [isRow(row._uuid)]),
    ...own.map((uuid) => remove(queues, [isRow(uuid)])),
  ];
}
