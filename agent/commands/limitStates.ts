import type {
  BindingStatus,
  Direction,
  PortLimitFieldsFragment as PortLimit,
  ProgrammedLimitInput,
} from '../../schema/generated/graphql.ts';
import type { DesiredState } from '../desired.ts';
import type { DirectionResult, PlannedChange } from '../drivers/driver.ts';
import type { Look } from './liveSwitch.ts';

/** One direction of one port, as it is on this host now. */
export interface LimitState {
  readonly portId: string;
  readonly direction: Direction;
  /** Null where the port is not plugged. */
  readonly interfaceName: string | null;
  readonly bridge: string | null;
  /** Null: nothing is asked, and something of Sluice's is still there. */
  readonly asked: PortLimit | null;
  readonly programmed: ProgrammedLimitInput | null;
  /** Null: the switch cannot be read. */
  readonly status: BindingStatus | null;
  readonly message: string | null;
}

type LimitOf = Pick<LimitState, 'portId' | 'direction' | 'asked'>;

/** What is asked, then what is left over: each with what a look at the switch found; null: there was none. */
export function limitStates(desired: DesiredState | null, look: Look | null): LimitState[] {
  const asked = limitsIn(desired);
  const known = new Set(asked.map(keyOf));
  const leftOver = (look?.results ?? [])
    .filter((result) => !known.has(keyOf(result)))
    .map(({ portId, direction }): LimitOf => ({ portId, direction, asked: null }));
  const find = finderIn(look, desired?.adminStateUp ?? true);
  return [...asked, ...leftOver].map((limit) => ({ ...limit, ...find(limit) }));
}

function limitsIn(desired: DesiredState | null): LimitOf[] {
  const ports = [...(desired?.ports.values() ?? [])];
  return ports.flatMap(({ portId, egress, ingress }): LimitOf[] => [
    ...(egress ? [{ portId, direction: 'EGRESS', asked: egress } as const] : []),
    ...(ingress ? [{ portId, direction: 'INGRESS', asked: ingress } as const] : []),
  ]);
}

type Found = Omit<LimitState, keyof LimitOf>;

const unknown: Found = {
  interfaceName: null,
  bridge: null,
  programmed: null,
  status: null,
  message: null,
};

function finderIn(look: Look | null, adminStateUp: boolean): (limit: LimitOf) => Found {
  if (look === null) return () => unknown;
  const plugged = new Map(look.observed.ports.map((port) => [port.portId, port]));
  const changes = Map.groupBy(look.plan.changes, keyOf);
  const results = new Map(look.results.map((result) => [keyOf(result), result]));
  return (limit) => {
    const { interfaceName = null, bridge = null } = plugged.get(limit.portId) ?? {};
    const due = changes.get(keyOf(limit)) ?? [];
    const verdict =
      limit.asked && !adminStateUp && due.length === 0
        ? ({ programmed: null, status: 'DISABLED', message: null } as const)
        : verdictOf(due, results.get(keyOf(limit)));
    return { interfaceName, bridge, ...verdict };
  };
}

/** What is still to be done says more than what was read before it is. */
function verdictOf(
  due: readonly PlannedChange[],
  result: DirectionResult | undefined,
): Pick<Found, 'programmed' | 'status' | 'message'> {
  if (due.length > 0) {
    const message = `Not as desired. To do: ${due.map(({ sentence }) => sentence).join(' ')}`;
    return { programmed: null, status: 'PENDING', message };
  }
  const { programmed = null, status = 'PENDING', message = null } = result ?? {};
  return { programmed, status, message };
}

type OfDirection = Pick<PlannedChange, 'portId' | 'direction'>;

function keyOf({ portId, direction }: OfDirection): string {
  return `${portId} ${direction}`;
}
