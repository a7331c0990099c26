import type { Uuid } from '../../ovsdb/notation.ts';
import { portMark } from './ids.ts';
import type { BridgeRow, Database, InterfaceRow, PortRow } from './tables.ts';

/** Whose each row of Sluice's is. Only somebody else makes two name one; it is the first one's then. */
export interface Holders {
  /** The port of a QoS. */
  readonly ports: ReadonlyMap<Uuid, Uuid>;
  /** The QoS of a queue; null: somebody else's QoS names it too. */
  readonly qos: ReadonlyMap<Uuid, Uuid | null>;
}

/** `idOf`: the id of the port that an interface is; null: none that a rule can name. */
export function findHolders(
  database: Database,
  bridges: readonly BridgeRow[],
  idOf: (row: InterfaceRow) => string | null,
): Holders {
  const holders = new Map<Uuid, PortRow>();
  const mayStay = stayersOf(database, bridges, idOf);
  for (const port of database.Port.values()) {
    if (port.qos === null) continue;
    const holder = holders.get(port.qos);
    if (!holder || (mayStay(port) && !mayStay(holder))) holders.set(port.qos, port);
  }
  return {
    ports: new Map([...holders].map(([qos, port]) => [qos, port._uuid])),
    qos: queueHolders(database),
  };
}

function queueHolders({ QoS }: Database): Holders['qos'] {
  const holders = new Map<Uuid, Uuid | null>();
  for (const row of QoS.values()) {
    for (const queue of row.queues.values()) {
      if (!row.external_ids.has(portMark)) holders.set(queue, null);
      else if (!holders.has(queue)) holders.set(queue, row._uuid);
    }
  }
  return holders;
}

/**
 * Whether a port may be left with the QoS that it names, whatever is wanted, so that the row cannot go: it is on none of
 * these bridges, Open vSwitch could not open it, or another has its id.
 */
function stayersOf(
  { Port, Interface }: Database,
  bridges: readonly BridgeRow[],
  idOf: (row: InterfaceRow) => string | null,
): (port: PortRow) => boolean {
  const rowsOf = (port: PortRow | undefined) =>
    [...(port?.interfaces ?? [])].flatMap((uuid) => Interface.get(uuid) ?? []);
  let holdersOf: ReadonlyMap<string | null, readonly InterfaceRow[]> | undefined;
  return (port) => {
    // Mostly nobody asks: that two ports name one row is somebody's mistake.
    holdersOf ??= Map.groupBy(
      bridges.flatMap(({ ports }) => [...ports].flatMap((uuid) => rowsOf(Port.get(uuid)))),
      idOf,
    );
    const named = holdersOf;
    const isAlone = (row: InterfaceRow) => {
      const id = idOf(row);
      return id === null || named.get(id)?.length === 1;
    };
    const isOn = bridges.some(({ ports }) => ports.has(port._uuid));
    return !isOn || !rowsOf(port).every((row) => (row.ofport ?? 0) > 0 && isAlone(row));
  };
}
