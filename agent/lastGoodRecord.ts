import { createHash } from 'node:crypto';
import type { PortQosFieldsFragment as PortQos } from '../schema/generated/graphql.ts';
import type { DesiredState } from './desired.ts';
import { isSavedChange, type SavedChange } from './savedState.ts';

/** What a record or a file was read to: the state so far, and the checksum that the next record names. */
export interface Chained {
  readonly desired: DesiredState;
  readonly checksum: string;
}

export function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What is different between two states; a port is the same while its object is (desired.ts). */
export function changeBetween(before: DesiredState, now: DesiredState): SavedChange {
  const ports: PortQos[] = [];
  for (const [portId, port] of now.ports) {
    if (before.ports.get(portId) !== port) ports.push(port);
  }
  const gone: string[] = [];
  for (const portId of before.ports.keys()) if (!now.ports.has(portId)) gone.push(portId);
  return { cursor: now.cursor, adminStateUp: now.adminStateUp, ports, gone };
}

/** One line: the checksum of the rest, which names the checksum of what it continues. */
export function printRecord(after: string, change: SavedChange): { line: string; sum: string } {
  const text = JSON.stringify({ after, ...change });
  const sum = checksum(text);
  return { line: `${sum} ${text}\n`, sum };
}

/**
 * The state after all records; null where one was altered. Records of an earlier file are left out: after a crash
 * they may lie beside the file that has all they say. So is a last line without its end: its write was cut short.
 */
export function replay(file: Chained, journal: string): Chained | null {
  let state = file;
  const lines = journal.split('\n');
  lines.pop();
  for (const line of lines) {
    const change = parseRecord(line);
    if (change === null) return null;
    if (change.after === state.checksum)
      state = { desired: apply(state.desired, change), checksum: line.slice(0, sumLength) };
    else if (state === file) return file;
    else return null;
  }
  return state;
}

const sumLength = 64;

function parseRecord(line: string): (SavedChange & { readonly after: string }) | null {
  const text = line.slice(sumLength + 1);
  if (line.slice(0, sumLength + 1) !== `${checksum(text)} `) return null;
  const change: unknown = JSON.parse(text);
  return isSavedChange(change) ? change : null;
}

function apply(
  state: DesiredState,
  { cursor, adminStateUp, ports, gone }: SavedChange,
): DesiredState {
  const all = new Map(state.ports);
  for (const port of ports) all.set(port.portId, port);
  for (const portId of gone) all.delete(portId);
  return { cursor, adminStateUp, ports: all };
}
