import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { PortQosFieldsFragment as PortQos } from '../schema/generated/graphql.ts';
import type { DesiredState } from './desired.ts';
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

/** Reads the state that was last saved. A file that is torn, altered or of another host is never believed. */
export async function loadLastGood(file: LastGoodFile): Promise<Loaded> {
  try {
    return parse(await readFile(file.path, 'utf8'), file.host);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { kind: 'none' };
    return unusable(`It cannot be read (${code}).`);
  }
}

/**
 * Replaces the file in one step (invariant 9): after a crash at any point it holds the old state or the new
 * one, in full. Rejects when the disk refuses; the old state is then still there.
 */
export async function saveLastGood(file: LastGoodFile, desired: DesiredState): Promise<void> {
  const folder = dirname(file.path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = `${file.path}.new`;
  try {
    await writeDurably(temporary, print(file.host, desired));
    await rename(temporary, file.path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

function print(host: string, { cursor, adminStateUp, ports }: DesiredState): string {
  const head: Omit<SavedState, 'ports'> = { host, cursor, adminStateUp };
  const texts = ports.values().map(textOf).toArray();
  const state = `${JSON.stringify(head).slice(0, -1)},"ports":[${texts.join()}]}`;
  const sha256 = checksum(state);
  return `{"format":"${format}","version":${version},"sha256":"${sha256}","state":${state}}\n`;
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

function parse(text: string, host: string): Loaded {
  const file = parseJson(text) as Partial<
    Record<'format' | 'version' | 'sha256' | 'state', unknown>
  > | null;
  if (file?.format !== format || file.version !== version)
    return unusable('It is torn, or no state of this version of Sluice.');
  // Printed again, what JSON.stringify once printed is the same text: names keep their order, numbers are whole.
  if (file.sha256 !== checksum(JSON.stringify(file.state)))
    return unusable('Its checksum does not fit: it was altered.');
  const { state } = file;
  if (!isSavedState(state)) return unusable('It was written by another version of Sluice.');
  if (state.host !== host)
    return unusable(`It is the state of host ${state.host}, and this is ${host}.`);
  const ports = new Map(state.ports.map((port) => [port.portId, port]));
  return {
    kind: 'loaded',
    desired: { cursor: state.cursor, adminStateUp: state.adminStateUp, ports },
  };
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

function checksum(text: string | undefined): string {
  return createHash('sha256')
    .update(text ?? '')
    .digest('hex');
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A rename is on the disk only once its folder is (fsync(2)). */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
