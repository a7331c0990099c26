import type { ReportPortsInput } from '../schema/generated/graphql.ts';
import type { PluggedPort } from './drivers/driver.ts';

/** The most ports that one report names (schema: ReportPortsInput). */
export const maxPortsPerReport = 500;

export type PortMap = ReadonlyMap<string, PluggedPort>;
export type PortsReport = Omit<ReportPortsInput, 'host'>;

/** Ports by id; of two interfaces that claim the same port, the first counts. */
export function byId(ports: readonly PluggedPort[]): PortMap {
  const map = new Map<string, PluggedPort>();
  for (const port of ports) if (!map.has(port.portId)) map.set(port.portId, port);
  return map;
}

/** Reports that together say: these ports and no others. Each covers a range of ids, without gap or overlap. */
export function completeReports(ports: PortMap): PortsReport[] {
  const sorted = [...ports.values()].sort((a, b) => (a.portId < b.portId ? -1 : 1));
  const pieces = chunks(sorted);
  if (pieces.length === 0) pieces.push([]);
  return pieces.map((piece, index) => ({
    complete: true,
    after: pieces[index - 1]?.at(-1)?.portId ?? null,
    through: index === pieces.length - 1 ? null : (piece.at(-1)?.portId ?? null),
    plugged: piece.map(toInput),
    unplugged: [],
  }));
}

/** Reports that lead the server from what it knows to what is: none when nothing changed. */
export function changeReports(known: PortMap, current: PortMap): PortsReport[] {
  const plugged = [...current.values()].filter((port) => !samePort(port, known.get(port.portId)));
  const unplugged = [...known.keys()].filter((portId) => !current.has(portId));
  return [
    ...chunks(unplugged).map((piece) => change([], piece)),
    ...chunks(plugged).map((piece) => change(piece.map(toInput), [])),
  ];
}

function change(plugged: PortsReport['plugged'], unplugged: string[]): PortsReport {
  return { complete: false, plugged, unplugged };
}

function toInput({ portId, interfaceName, mac }: PluggedPort): PortsReport['plugged'][number] {
  return { portId, interfaceName, mac };
}

function samePort(a: PluggedPort, b: PluggedPort | undefined): boolean {
  return b !== undefined && a.interfaceName === b.interfaceName && a.mac === b.mac;
}

function chunks<T>(list: readonly T[]): T[][] {
  const count = Math.ceil(list.length / maxPortsPerReport);
  return Array.from({ length: count }, (_, index) =>
    list.slice(index * maxPortsPerReport, (index + 1) * maxPortsPerReport),
  );
}
