import { type Actor, requireOwnHost } from '../domain/actor.ts';
import { type Sighting, sight } from '../domain/bindings.ts';
import { refuseIfAny } from '../domain/errors.ts';
import { bounds, listFault } from '../domain/text.ts';
import { readBindings, writeBindings } from './bindings.ts';
import type { KnownPort, PluggedPortInput, ReportPortsInput } from './knownPorts.ts';
import { lockPorts } from './locks.ts';
import { judgeClaims, type RefusedPort } from './portClaims.ts';
import { fillPorts } from './registerPorts.ts';
import type { Services } from './services.ts';
import { inTransaction } from './write.ts';

/** How many entries counted, and which did not. */
export interface RecordedPorts {
  readonly accepted: number;
  readonly refused: readonly RefusedPort[];
}

/**
 * Records which ports the host's agent sees. A port never seen there gets a binding, and so its rules;
 * one that is gone keeps its binding unplugged. What says nothing new costs one read and no lock, since
 * ten thousand agents report everything after each reconnect.
 */
export async function reportPorts(
  services: Services,
  actor: Actor,
  input: ReportPortsInput,
): Promise<RecordedPorts> {
  requireOwnHost(actor, input.host);
  refuseIfAny(reportFaults(input));
  const known = await services.bulk.knownPorts.add(input);
  const sightings = news(input, known);
  const networks = input.plugged.filter(
    ({ portId, networkId }) => networkId && !known.get(portId)?.networkId,
  );
  const refused =
    sightings.length + networks.length > 0
      ? await record(services, actor, input.host, sightings, networks)
      : [];
  return { accepted: input.plugged.length + input.unplugged.length - refused.length, refused };
}

function reportFaults({ plugged, unplugged, complete }: ReportPortsInput) {
  const faults = [
    ...listFault('plugged', plugged, bounds.reportEntries),
    ...listFault('unplugged', unplugged, bounds.reportEntries),
  ];
  if (complete && unplugged.length > 0) {
    faults.push({
      code: 'BAD_USER_INPUT',
      field: 'unplugged',
      message: 'unplugged must be empty in a complete report: what it does not name is unplugged.',
    });
  }
  return faults;
}

/** What the report says that is not recorded yet; the last word on a port named twice counts. */
function news(input: ReportPortsInput, known: ReadonlyMap<string, KnownPort>): Sighting[] {
  const seen = new Map(input.plugged.map(({ portId, interfaceName }) => [portId, interfaceName]));
  const gone = input.complete ? [...known.keys()] : input.unplugged;
  const sightings: Sighting[] = [...seen]
    .filter(([portId, interfaceName]) => {
      const port = known.get(portId);
      return !port?.plugged || port.interfaceName !== storedName(interfaceName);
    })
    .map(([portId, interfaceName]) => ({ portId, interfaceName: storedName(interfaceName) }));
  const unplugged = gone.filter((portId) => !seen.has(portId) && known.get(portId)?.plugged);
  return [...sightings, ...unplugged.map((portId) => ({ portId, interfaceName: null }))];
}

/** An interface may bear any name in OVSDB; what PostgreSQL cannot hold is replaced, what is endless cut. */
const storedName = (name: string): string =>
  name.toWellFormed().replaceAll('\u0000', '\uFFFD').slice(0, bounds.textLength);

async function record(
  services: Services,
  actor: Actor,
  host: string,
  sightings: readonly Sighting[],
  networks: readonly PluggedPortInput[],
): Promise<readonly RefusedPort[]> {
  const portIds = [...sightings, ...networks].map(({ portId }) => portId);
  return inTransaction(services, actor, async (write) => {
    const ports = await lockPorts(write, portIds, { register: true });
    await fillPorts(
      write,
      networks.map(({ portId, networkId = null }) => ({
        id: portId,
        tenantId: null,
        networkId,
        name: null,
      })),
    );
    const bindings = await readBindings(write, portIds);
    const claims = await judgeClaims(write, services.settings, host, sightings, ports, bindings);
    const refused = new Set(claims.refused.map(({ portId }) => portId));
    const changes = sightings
      .filter(({ portId }) => !refused.has(portId))
      .flatMap((sighting) => sight(host, sighting, bindings.get(sighting.portId) ?? []))
      .map(({ state, moves }) => {
        const claimedFrom = state.host === host ? claims.accepted.get(state.portId) : undefined;
        return { moves, state: claimedFrom === undefined ? state : { ...state, claimedFrom } };
      });
    await writeBindings(write, changes);
    return claims.refused;
  });
}
