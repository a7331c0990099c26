import type { Holder } from '../../lib/folderLock.ts';
import type { DesiredState } from '../desired.ts';
import type { KnownDesired } from './knownDesired.ts';
import type { LimitState } from './limitStates.ts';

/** All that `status` knows. */
export interface HostStatus {
  readonly host: string;
  readonly folder: string;
  /** The agent that runs on the data folder; null: none. */
  readonly running: Holder | null;
  readonly known: KnownDesired;
  readonly desired: DesiredState | null;
  /** What the switch can do; null: not known. */
  readonly capabilities: Readonly<Record<string, unknown>> | null;
  /** Which part of the switch could not be seen, and why; null: all was. */
  readonly switchFault: string | null;
  readonly limits: readonly LimitState[];
}
