import { Counter, type Registry } from 'prom-client';
import { sleep } from '../lib/retry.ts';
import type { Usage } from './drivers/driver.ts';

type Count = 'bytes' | 'packets' | 'droppedBytes' | 'droppedPackets';

const families: readonly { readonly name: string; readonly help: string; readonly count: Count }[] =
  [
    {
      name: 'sluice_agent_limit_passed_bytes_total',
      help: 'Bytes of frames that the limit let pass; absent where its mechanism does not tell.',
      count: 'bytes',
    },
    {
      name: 'sluice_agent_limit_passed_packets_total',
      help: 'Packets that the limit let pass.',
      count: 'packets',
    },
    {
      name: 'sluice_agent_limit_dropped_bytes_total',
      help: 'Bytes of frames that the limit dropped; absent where its mechanism does not tell.',
      count: 'droppedBytes',
    },
    {
      name: 'sluice_agent_limit_dropped_packets_total',
      help: 'Packets that the limit dropped; absent where its mechanism does not tell.',
      count: 'droppedPackets',
    },
  ];

/** Prometheus waits for 10 s: a switch that is slow to answer must not cost it all the other metrics. */
const patienceMs = 2_000;

/**
 * What limits let pass and dropped. Counted by the switch, so a series begins again with 0 whenever its
 * mechanism does, and is there only while the limit holds and its mechanism can be read.
 */
export function registerUsage(
  registers: Registry[],
  sample: () => Promise<readonly Usage[]>,
): void {
  for (const { name, help, count } of families) {
    new Counter({
      name,
      help,
      labelNames: ['port', 'direction'],
      registers,
      async collect() {
        const usage = await readable(sample());
        this.reset();
        for (const { portId: port, direction, [count]: value } of usage) {
          if (value !== null) this.inc({ port, direction }, Number(value));
        }
      },
    });
  }
}

/** Nothing where it cannot be read now, or not soon. */
function readable(sample: Promise<readonly Usage[]>): Promise<readonly Usage[]> {
  const late = new AbortController();
  const nothing = (): readonly Usage[] => [];
  return Promise.race([
    sample.catch(nothing),
    sleep(patienceMs, late.signal).then(nothing),
  ]).finally(() => late.abort());
}
