import { expect } from 'vitest';
import type { Direction } from '../../../../../schema/generated/graphql.ts';
import type { Expected } from './expected.ts';
import { placesOf } from './limits.ts';
import type { FullReading } from './reading.ts';

/** Of Sluice's own there is nothing left that no limit needs. A port at two places keeps what it has. */
export function expectTidy(after: FullReading, expected: readonly Expected[]): void {
  const needs = needsOf(after, expected);
  expect(unneededRows(after, needs), 'rows of Sluice’s that nothing needs').toEqual([]);
  expect(unneededFlows(after, needs), 'flows of Sluice’s that nothing needs').toEqual([]);
  expect(unneededRecords(after, needs), 'records of meters that nothing needs').toEqual([]);
  expect(policedInVain(after, needs), 'policing where it limits nothing').toEqual([]);
}

interface Needs {
  /** Of QoS rows. */
  readonly qos: ReadonlySet<string>;
  /** Bridge and OpenFlow port. */
  readonly ofports: ReadonlySet<string>;
  isKept(portId: string): boolean;
  isHeld(portId: string, direction: Direction): boolean;
}

function needsOf({ rows }: FullReading, expected: readonly Expected[]): Needs {
  const places = placesOf(rows);
  const isKept = (portId: string) => (places.get(portId) ?? []).length > 1;
  const isAsked = (portId: string, direction: Direction, of: (each: Expected) => boolean) =>
    expected.some((each) => each.portId === portId && each.direction === direction && of(each));
  const isHeld = (portId: string, direction: Direction) =>
    isKept(portId) || isAsked(portId, direction, ({ held }) => held !== null);
  const waits = (portId: string) =>
    isAsked(portId, 'INGRESS', ({ status }) => status === 'WAITING_FOR_PORT');
  const all = [...places].flatMap(([portId, at]) => at.map((place) => ({ portId, place })));
  const queued = all.filter(({ portId }) => isHeld(portId, 'INGRESS') || waits(portId));
  const metered = all.filter(({ portId }) => isHeld(portId, 'EGRESS'));
  return {
    qos: new Set(queued.flatMap(({ place }) => place.port.qos ?? [])),
    ofports: new Set(metered.map(({ place }) => `${place.bridge} ${place.interface.ofport}`)),
    isKept,
    isHeld,
  };
}

function unneededRows({ rows: { QoS, Queue } }: FullReading, { qos }: Needs): unknown[] {
  const named = new Set(QoS.values().flatMap(({ queues }) => queues.values()));
  return [
    ...QoS.values().filter((row) => isMarked(row) && !qos.has(row._uuid)),
    ...Queue.values().filter((row) => isMarked(row) && !named.has(row._uuid)),
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

function unneededRecords({ rows: { Bridge } }: FullReading, { isHeld }: Needs): string[] {
  return [...Bridge.values()]
    .flatMap(({ external_ids }) => [...external_ids.keys()])
    .filter((key) => {
      const portId = /^sluice-meter-(?:kbps|pktps)-(.+)$/.exec(key)?.[1];
      return portId !== undefined && !isHeld(portId, 'EGRESS');
    });
}

/** One that Open vSwitch could not open waits with what it has. */
function policedInVain({ rows: { Interface } }: FullReading, { isKept }: Needs): unknown[] {
  return [...Interface.values()].filter(({ external_ids, ofport }) => {
    const portId = external_ids.get('iface-id')?.toLowerCase() ?? '';
    return external_ids.has('sluice-policing') && !isKept(portId) && (ofport ?? 0) > 0;
  });
}

function isMarked({ external_ids }: { readonly external_ids: ReadonlyMap<string, string> }) {
  return external_ids.has('sluice-port');
}
