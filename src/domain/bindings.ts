/** A port on a host, as far as deciding about it goes. */
export interface BindingState {
  readonly portId: string;
  readonly host: string;
  /** An administrator bound it here. */
  readonly bound: boolean;
  /** The agent sees the interface. */
  readonly plugged: boolean;
  readonly interfaceName: string | null;
  /** Ended: a tombstone of the host's feed. */
  readonly removed: boolean;
  /** The live host that had it when this one's agent claimed it; null: nobody had, or an administrator bound it here. */
  readonly claimedFrom?: string | null;
}

/** What becomes of one binding. `moves`: the host's feed must tell of it. */
export interface BindingChange {
  readonly state: BindingState;
  readonly moves: boolean;
}

export interface Sighting {
  readonly portId: string;
  /** Null: the interface is gone. */
  readonly interfaceName: string | null;
}

const moved = (state: BindingState): BindingChange => ({ state, moves: true });
const noted = (state: BindingState): BindingChange => ({ state, moves: false });
const ended = (state: BindingState): BindingChange =>
  moved({ ...state, removed: true, plugged: false });

/**
 * What a port's sighting on `host` changes, given all bindings of that port. Plugging brings a binding
 * to be; unplugging only clears `plugged` and moves no feed, so that a flap or a wiped switch loses no
 * limit. A binding that no administrator made ends when the port is plugged elsewhere (docs/design.md, Data).
 */
export function sight(
  host: string,
  { portId, interfaceName }: Sighting,
  bindings: readonly BindingState[],
): BindingChange[] {
  const here = bindings.find((binding) => binding.host === host);
  const elsewhere = bindings.filter((binding) => binding.host !== host && !binding.removed);
  if (interfaceName !== null) {
    return [...plugged(portId, host, here, interfaceName), ...endForsaken(elsewhere)];
  }
  if (!here || here.removed || !here.plugged) return [];
  const unplugged = { ...here, plugged: false, interfaceName: here.interfaceName };
  const pluggedElsewhere = elsewhere.some((binding) => binding.plugged);
  return [!here.bound && pluggedElsewhere ? ended(unplugged) : noted(unplugged)];
}

function plugged(
  portId: string,
  host: string,
  here: BindingState | undefined,
  interfaceName: string,
): BindingChange[] {
  if (!here || here.removed) {
    return [moved({ portId, host, bound: false, plugged: true, interfaceName, removed: false })];
  }
  if (here.plugged && here.interfaceName === interfaceName) return [];
  return [noted({ ...here, plugged: true, interfaceName })];
}

const endForsaken = (elsewhere: readonly BindingState[]): BindingChange[] =>
  elsewhere.filter(({ bound, plugged }) => !bound && !plugged).map(ended);

/**
 * The hosts that have the port, where its sighting on `host` would be a claim: whoever has a binding that did not
 * end, plugged or not, has it. A host with such a binding of its own claims nothing.
 */
export function rivalsOf(
  host: string,
  { interfaceName }: Sighting,
  bindings: readonly BindingState[],
): string[] {
  if (interfaceName === null) return [];
  const live = bindings.filter(({ removed }) => !removed);
  if (live.some((binding) => binding.host === host)) return [];
  return live.map((binding) => binding.host);
}

/** An administrator binds the port here, before or after it is plugged. */
export function bind(
  portId: string,
  host: string,
  here: BindingState | undefined,
): BindingChange[] {
  if (here && !here.removed)
    return here.bound ? [] : [noted({ ...here, bound: true, claimedFrom: null })];
  return [
    moved({ portId, host, bound: true, plugged: false, interfaceName: null, removed: false }),
  ];
}

/** An administrator takes the binding back; a port that is plugged here stays, as one discovered. */
export function unbind(here: BindingState): BindingChange[] {
  return [here.plugged ? noted({ ...here, bound: false }) : ended({ ...here, bound: false })];
}

/** The host's agent was deleted: what it discovered ends, what an administrator bound waits. */
export function forsake(here: BindingState): BindingChange[] {
  if (here.removed) return [];
  if (!here.bound) return [ended(here)];
  return here.plugged ? [noted({ ...here, plugged: false })] : [];
}

/** A discovered binding was unplugged for too long. */
export function expire(here: BindingState): BindingChange[] {
  return here.removed || here.bound || here.plugged ? [] : [ended(here)];
}
