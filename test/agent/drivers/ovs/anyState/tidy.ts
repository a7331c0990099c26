import { expect } from 'vitest';
import type { Direction } from '../../../../../schema/generated/graphql.ts';
import type { Expected } from './expected.ts';
import { placesOf, waysOut } from './limits.ts';
import type { FullReading } from './reading.ts';

/** Of Sluice's own there is nothing left that no limit needs. A port at two places keeps what it has. */
export function expectTidy(after: FullReading, expected: readonly Expected[]): void {
  const needs = needsOf(after, expected);
  expect(unneededRows(after, needs), 'rows of Sluice’s that nothing needs').toEqual([]);
  expect(unneededFlows(after, needs), 'flows of Sluice’s that nothing needs').toEqual([]);
  expect(unneededRecords(after, needs), 'records of meters that nothing needs').toEqual([]);
  expect(policedInVain(after, needs), 'policing where it limits nothing').toEqual([]);
  expect(leftInKernel(after), 'what the kernel has left').toEqual([]);
}

interface Needs {
  /** Of QoS rows. */
  readonly qos: ReadonlySet<string>;
  /** Bridge and OpenFlow port. */
  readonly ofports: ReadonlySet<string>;
  isKept(portId: string): boolean;
  needs(portId: string, what: 'meter' | 'policer' | 'least'): boolean;
}

function needsOf({ rows }: FullReading, expected: readonly Expected[]): Needs {
  const places = placesOf(rows);
  const isKept = (portId: string) => (places.get(portId) ?? []).length > 1;
  const isAsked = (portId: string, direction: Direction, of: (each: Expected) => boolean) =>
    expected.some((each) => each.portId === portId && each.direction === direction && of(each));
  const isQueued = (portId: string) =>
    isAsked(
      portId,
      'INGRESS',
      ({ held, status }) => held !== null || status === 'WAITING_FOR_PORT',
    );
  const hasFlows = (portId: string) =>
    isAsked(
      portId,
      'EGRESS',
      ({ held, by }) =>
        held !== null && (by === 'meter' || held.dscp !== null || held.least !== null),
    );
  const needs: Needs['needs'] = (portId, what) =>
    isKept(portId) ||
    isAsked(portId, 'EGRESS', ({ held, by }) =>
      what === 'least' ? Boolean(held?.least) : by === what,
    );
  const all = [...places].flatMap(([portId, at]) => at.map((place) => ({ portId, place })));
  const queued = all.filter(({ portId }) => isKept(portId) || isQueued(portId));
  const met = all.filter(({ portId }) => isKept(portId) || hasFlows(portId));
  const isShared = [...places.keys()].some((portId) => needs(portId, 'least'));
  const shared = isShared ? waysOut(rows) : [];
  return {
    qos: new Set(
      [...queued.map(({ place }) => place), ...shared].flatMap(({ port }) => port.qos ?? []),
    ),
    ofports: new Set(met.map(({ place }) => `${place.bridge} ${place.interface.ofport}`)),
    isKept,
    needs,
  };
}

function unneededRows({ rows }: FullReading, { qos, needs }: Needs): unknown[] {
  const { QoS, Queue } = rows;
  const named = new Set(QoS.values().flatMap(({ queues }) => queues.values()));
  const guaranteed = waysOut(rows).flatMap(({ port }) => [
    ...(QoS.get(port.qos ?? port._uuid)?.queues.values() ?? []),
  ]);
  return [
    ...QoS.values().filter((row) => isMarked(row) && !qos.has(row._uuid)),
    ...Queue.values().filter((row) => row.external_ids.has('sluice-port') && !named.has(row._uuid)),
    ...guaranteed
      .flatMap((uuid) => Queue.get(uuid) ?? [])
      .filter(({ external_ids }) => {
        const portId = external_ids.get('sluice-port');
        return portId !== undefined && !needs(portId, 'least');
      }),
  ];
}

function unneededFlows({ flows }: FullReading, { ofports }: Needs): string[] {
  const ours = [...flows].flatMap(([bridge, list]) =>
    list
      .filter(({ cookie }) => cookie >> 32n === 0x736c_7569n)
      .map(({ inPort }) => `${bridge} ${inPort}`),
  );
  return ours.filter((at) => !ofports.has(at));
}

function unneededRecords({ rows: { Bridge } }: FullReading, { needs }: Needs): string[] {
  return [...Bridge.values()]
    .flatMap(({ external_ids }) => [...external_ids.keys()])
    .filter((key) => {
      const portId = /^sluice-meter-(?:kbps|pktps)-(.+)$/.exec(key)?.[1];
      return portId !== undefined && !needs(portId, 'meter');
    });
}

/** One that Open vSwitch could not open waits with what it has. */
function policedInVain({ rows: { Interface } }: FullReading, { needs }: Needs): unknown[] {
  return [...Interface.values()].filter(({ external_ids, ofport }) => {
    const portId = external_ids.get('iface-id')?.toLowerCase() ?? '';
    return external_ids.has('sluice-policing') && !needs(portId, 'policer') && (ofport ?? 0) > 0;
  });
}

/** Where the database has none, the kernel has none. */
function leftInKernel({ rows, kernel }: FullReading): string[] {
  const ports = [...rows.Port.values()];
  return [...rows.Interface.values()].flatMap(({ _uuid, name, ...row }) => {
    const device = kernel.get(name);
    const isQueued = ports.some(({ qos, interfaces }) => qos !== null && interfaces.has(_uuid));
    const isPoliced = row.ingress_policing_rate > 0 || row.ingress_policing_kpkts_rate > 0;
    return [
      ...(device?.classes.size && !isQueued ? [`queues on ${name}`] : []),
      ...(device?.policer && !isPoliced ? [`a policer on ${name}`] : []),
    ];
  });
}

function isMarked({ external_ids }: { readonly external_ids: ReadonlyMap<string, string> }) {
  return external_ids.has('sluice-port') || external_ids.has('sluice-physical');
}
