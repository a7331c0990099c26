import type { SharedQos } from './physicalPorts.ts';

/** People number their own from 0; a port of theirs with such a queue must not be meant by ours. Below 0xf000, htb's most. */
const firstId = 0x5000;

/** A port's queue has one number on all physical ports: the one that it has already, else the lowest that is free. */
export function queueIdsOf(shared: readonly SharedQos[]): (portId: string) => number {
  const holders = holdersOf(shared);
  const known = new Map<string, number>();
  for (const [queueId, [portId = null, ...others]] of holders) {
    if (portId !== null && others.length === 0) known.set(portId, queueId);
  }
  let next = firstId;
  return (portId) => {
    const now = known.get(portId);
    if (now !== undefined) return now;
    while (holders.has(next)) next += 1;
    return next++;
  };
}

/** Whose queues have a number, on any of the ports. */
function holdersOf(shared: readonly SharedQos[]) {
  const holders = new Map<number, Set<string | null>>();
  for (const { queues } of shared) {
    for (const { queueId, portId } of queues) {
      holders.set(queueId, (holders.get(queueId) ?? new Set()).add(portId));
    }
  }
  return holders;
}
