import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { replaceDurably } from '../lib/durableFile.ts';
import type { PortQosFieldsFragment as PortQos } from '../schema/generated/graphql.ts';
import type { DesiredState } from './desired.ts';
import { type Chained, checksum, replay } from './lastGoodRecord.ts';
import { isSavedState, type SavedState } from './savedState.ts';

const format = 'sluice-last-known-good';
const version = 1;

/** Where the file is, and whose state it holds. */
export interface LastGoodFile {
  readonly path: string;
  readonly host: string;
}

/** What is in the file, or why it cannot be used, as a sentence; `none`: there is no file. */
export type Loaded =
  | { readonly kind: 'none' }
  | { readonly kind: 'loaded'; readonly desired: DesiredState }
  | { readonly kind: 'unusable'; readonly reason: string };

/** Beside the file: what has changed since it was written (lastGoodStore.ts). */
export function journalOf({ path }: LastGoodFile): string {
  return path.replace(/(\.json)?$/, '.journal');
}

/** Reads the state that was last saved. One that is torn, altered or of another host is never believed. */
export async function loadLastGood(file: LastGoodFile): Promise<Loaded> {
  try {
    const saved = parse(await readFile(file.path, 'utf8'), file.host);
    if (typeof saved === 'string') return unusable(saved);
    const state = replay(saved, await readJournal(file));
    if (state === null)
      return unusable('Its journal was altered, or written by another version of Sluice.');
    return { kind: 'loaded', desired: state.desired };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { kind: 'none' };
    return unusable(`It cannot be read (${code}).`);
  }
}

/**
 * Replaces the file in one step (invariant 9): after a crash at any point it holds the old state or the new
 * one, in full. Rejects when the disk refuses; the old state is then still there. Gives the file's checksum.
 */
export async function saveLastGood(file: LastGoodFile, desired: DesiredState): Promise<string> {
  await mkdir(dirname(file.path), { recursive: true, mode: 0o700 });
  const { text, sha256 } = print(file.host, desired);
  await replaceDurably(file.path, text);
  return sha256;
}

function print(host: string, { cursor, adminStateUp, ports }: DesiredState) {
  const head: Omit<SavedState, 'ports'> = { host, cursor, adminStateUp };
  const texts = ports.values().map(textOf).toArray();
  const state = `${JSON.stringify(head).slice(0, -1)},"ports":[${texts.join()}]}`;
  const sha256 = checksum(state);
  const text = `{"format":"${format}","version":${version},"sha256":"${sha256}","state":${state}}\n`;
  return { text, sha256 };
}

/** A step makes new objects of the ports that it names only: the text of all others is known. */
const textsOfPorts = new WeakMap<PortQos, string>();

function textOf(port: PortQos): string {
  const known = textsOfPorts.get(port);
  if (known !== undefined) return known;
  const text = JSON.stringify(port);
  textsOfPorts.set(port, text);
  return text;
}

/** A sentence where it cannot be used. */
function parse(text: string, host: string): Chained | string {
  const file = parseJson(text) as Partial<
    Record<'format' | 'version' | 'sha256' | 'state', unknown>
  > | null;
  if (file?.format !== format || file.version !== version)
    return 'It is torn, or no state of this version of Sluice.';
  // Printed again, what JSON.stringify once printed is the same text: names keep their order, numbers are whole.
  const sum = checksum(JSON.stringify(file.state) ?? '');
  if (file.sha256 !== sum) return 'Its checksum does not fit: it was altered.';
  const { state } = file;
  if (!isSavedState(state)) return 'It was written by another version of Sluice.';
  if (state.host !== host) return `It is the state of host ${state.host}, and this is ${host}.`;
  const { cursor, adminStateUp } = state;
  const ports = new Map(state.ports.map((port) => [port.portId, port]));
  return { desired: { cursor, adminStateUp, ports }, checksum: sum };
}

async function readJournal(file: LastGoodFile): Promise<string> {
  try {
    return await readFile(journalOf(file), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function unusable(reason: string): Loaded {
  return { kind: 'unusable', reason };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
