import { Gauge, type Registry } from 'prom-client';
import type { Direction } from '../schema/generated/graphql.ts';
import type { DesiredState } from './desired.ts';
import type { Settled } from './drift.ts';
import type { DirectionResult } from './drivers/driver.ts';

const labelNames = ['port', 'direction'] as const;

/**
 * What is asked of each direction of each port and what came of it. Made when Prometheus asks, from what is
 * asked then: a limit that goes takes its series with it, and there are never more than two a port.
 */
export function registerLimits(
  registers: Registry[],
  desired: () => DesiredState | null,
  settled: () => Settled | null,
): void {
  const asked = () => limitsIn(desired());
  const results = () => resultsOf(settled());
  new Gauge({
    name: 'sluice_agent_limit_asked_bits_per_second',
    help: 'Rate that the rule asks for; absent where it asks for none.',
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const { labels, maxKbps } of asked()) setRate(this, labels, maxKbps);
    },
  });
  new Gauge({
    name: 'sluice_agent_limit_programmed_bits_per_second',
    help: 'Rate that was read back from the switch; absent where none holds.',
    labelNames,
    registers,
    collect() {
      this.reset();
      const found = results();
      for (const { labels, key } of asked()) {
        setRate(this, labels, found.get(key)?.programmed?.maxKbps);
      }
    },
  });
  new Gauge({
    name: 'sluice_agent_limit_status',
    help: 'Always 1: the label says how far the limit got.',
    labelNames: [...labelNames, 'status'],
    registers,
    collect() {
      this.reset();
      const found = results();
      for (const { labels, key, isDisabled } of asked()) {
        const status = isDisabled ? 'DISABLED' : (found.get(key)?.status ?? 'PENDING');
        this.set({ ...labels, status }, 1);
      }
    },
  });
}

interface AskedLimit {
  readonly labels: { readonly port: string; readonly direction: Direction };
  readonly key: string;
  readonly maxKbps: number | null;
  readonly isDisabled: boolean;
}

function limitsIn(desired: DesiredState | null): AskedLimit[] {
  const isDisabled = desired?.adminStateUp === false;
  return [...(desired?.ports.values() ?? [])].flatMap(({ portId, egress, ingress }) =>
    (
      [
        [egress, 'EGRESS'],
        [ingress, 'INGRESS'],
      ] as const
    ).flatMap(([limit, direction]) =>
      limit === null
        ? []
        : [
            {
              labels: { port: portId, direction },
              key: keyOf({ portId, direction, ...limit }),
              maxKbps: limit.maxKbps,
              isDisabled,
            },
          ],
    ),
  );
}

function resultsOf(settled: Settled | null): ReadonlyMap<string, DirectionResult> {
  return new Map(settled?.results.map((result) => [keyOf(result), result]));
}

type ResultOf = Pick<DirectionResult, 'portId' | 'direction' | 'ruleId' | 'ruleVersion'>;

/** With the rule's version: what was said of an earlier one says nothing of this. */
function keyOf({ portId, direction, ruleId, ruleVersion }: ResultOf): string {
  return `${portId} ${direction} ${ruleId} ${ruleVersion}`;
}

function setRate(
  gauge: Gauge<'port' | 'direction'>,
  labels: AskedLimit['labels'],
  kbps: number | null | undefined,
): void {
  if (typeof kbps === 'number') gauge.set(labels, kbps * 1000);
}
