import type { DesiredState } from '../desired.ts';
import type { KnownDesired } from './knownDesired.ts';

/** Whose word a command goes by. */
export function sourceLine({ server }: KnownDesired, { cursor }: DesiredState): string {
  if (server.reachable) return `as the server says now, at ${cursor}`;
  return `as last known, from the disk, at ${cursor}: the server is away`;
}
