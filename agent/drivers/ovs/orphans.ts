import type { Uuid } from '../../ovsdb/notation.ts';
import { isRow, remove } from '../../ovsdb/operations.ts';
import { change, type OvsChange } from './aims.ts';
import { physicalMark, portMark } from './ids.ts';
import { type Database, type QosRow, qos, queues } from './tables.ts';

/** Rows of Sluice's that no port names any more. */
export interface Orphans {
  readonly qos: readonly QosRow[];
  readonly queues: readonly Uuid[];
}

/** QoS and Queue are root tables: they outlive the port that named them (ovs-vswitchd.conf.db(5)). */
export function findOrphans(database: Database): Orphans {
  const attached = new Set([...database.Port.values()].map(({ qos }) => qos));
  const ours = [...database.QoS.values()].filter(
    ({ external_ids }) => external_ids.has(portMark) || external_ids.has(physicalMark),
  );
  const orphanQos = ours.filter(({ _uuid }) => !attached.has(_uuid));
  const queued = new Set<Uuid>();
  for (const row of database.QoS.values()) {
    if (!orphanQos.includes(row)) for (const queue of row.queues.values()) queued.add(queue);
  }
  const orphanQueues = [...database.Queue.values()].filter(
    ({ _uuid, external_ids }) => external_ids.has(portMark) && !queued.has(_uuid),
  );
  return { qos: orphanQos, queues: orphanQueues.map(({ _uuid }) => _uuid) };
}

/** A QoS that a port names after all makes the server refuse: references are strong (RFC 7047 §3.2). */
export function removeOrphans(orphans: Orphans): OvsChange[] {
  const count = orphans.qos.length + orphans.queues.length;
  if (count === 0) return [];
  const sentence = `Remove ${count} QoS and Queue rows of Sluice's that no port names any more.`;
  const release = [
    ...orphans.qos.map(({ _uuid }) => remove(qos, [isRow(_uuid)])),
    ...orphans.queues.map((uuid) => remove(queues, [isRow(uuid)])),
  ];
  return [
    change({ portId: null, direction: 'INGRESS', mechanism: 'linux_htb', sentence }, { release }),
  ];
}
