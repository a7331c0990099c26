import { expect } from 'vitest';
import type { FullReading } from './reading.ts';

const recordPattern = /^sluice-meter-(?:kbps|pktps)-(.+)$/;

/** What is not Sluice's is what it was, to the byte. */
export function expectForeignUntouched(before: FullReading, after: FullReading): void {
  const [was, is] = [new Set(foreignOn(before)), new Set(foreignOn(after))];
  const changes = { gone: [...was.difference(is)], come: [...is.difference(was)] };
  expect(changes, 'what is somebody else’s').toEqual({ gone: [], come: [] });
}

/** Everything that is not Sluice's, as the switch's tools print it. */
function foreignOn({ dump, flowLines, meterTexts }: FullReading): readonly string[] {
  const rows = (table: string) => dump.get(table) ?? [];
  const ours = new Set([...rows('QoS')].filter(isMarked).map(({ _uuid }) => JSON.stringify(_uuid)));
  const records = new Map(
    rows('Bridge').map(({ name, external_ids }) => [String(name), recordedIn(external_ids)]),
  );
  return [
    ...[...rows('QoS'), ...rows('Queue')]
      .filter((row) => !isMarked(row))
      .map((row) => JSON.stringify(row)),
    ...rows('Port').map(({ qos, ...row }) => {
      const isForeign = !ours.has(JSON.stringify(qos));
      return withoutStatus({ ...row, qos: isForeign ? qos : ['set', []] });
    }),
    ...rows('Interface').map((row) => withoutStatus(withoutPolicing(row))),
    ...rows('Bridge').map((row) =>
      withoutStatus({ ...row, external_ids: without(row.external_ids, recordPattern) }),
    ),
    ...flowLines
      .entries()
      .flatMap(([bridge, lines]) =>
        lines
          .filter((line) => !line.includes('cookie=0x736c7569'))
          .map((line) => `${bridge}: ${line}`),
      ),
    ...meterTexts
      .entries()
      .flatMap(([bridge, texts]) =>
        texts
          .filter((text) => !records.get(bridge)?.has(Number(/^meter=(\d+)/.exec(text)?.[1])))
          .map((text) => `${bridge}: ${text}`),
      ),
  ].sort();
}

type DumpedRow = Readonly<Record<string, unknown>>;

/** What vswitchd writes there by itself. */
const statusColumns = new Set([
  ...['statistics', 'status', 'rstp_statistics', 'rstp_status', 'bond_active_slave', 'datapath_id'],
  ...[
    'admin_state',
    'link_state',
    'link_resets',
    'link_speed',
    'duplex',
    'ifindex',
    'lacp_current',
  ],
  ...['mac_in_use', 'mtu', 'ofport', 'error', 'cfm_fault', 'datapath_version'],
]);

function withoutStatus(row: DumpedRow): string {
  return JSON.stringify(
    Object.entries(row)
      .filter(([column]) => !statusColumns.has(column))
      .sort(),
  );
}

/** Policing that limits and is not marked is somebody else's. */
function withoutPolicing(row: DumpedRow): DumpedRow {
  const kept = { ...row, external_ids: without(row.external_ids, /^sluice-policing$/) };
  const isSet = Number(row.ingress_policing_rate) > 0;
  if (isSet && pairs(row.external_ids).every(([key]) => key !== 'sluice-policing')) return kept;
  return Object.fromEntries(
    Object.entries(kept).filter(([column]) => !column.startsWith('ingress_policing')),
  );
}

function isMarked({ external_ids }: DumpedRow): boolean {
  return pairs(external_ids).some(([key]) => key === 'sluice-port' || key === 'sluice-physical');
}

function recordedIn(externalIds: unknown): Set<number> {
  const records = pairs(externalIds).filter(
    ([key, value]) => recordPattern.test(key) && /^[1-9]\d*$/.test(value),
  );
  return new Set(records.map(([, value]) => Number(value)));
}

function without(map: unknown, keys: RegExp): readonly (readonly [string, string])[] {
  return pairs(map).filter(([key]) => !keys.test(key));
}

function pairs(map: unknown): readonly (readonly [string, string])[] {
  return (map as readonly [string, readonly (readonly [string, string])[]])[1];
}
