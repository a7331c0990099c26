import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf, UserError } from '../../lib/errors.ts';
import { contextPath, currentPath, type Env } from './store.ts';

/** What a context says: the settings that it has. */
export type ContextValues = Readonly<Record<string, unknown>>;

export async function writeContext(name: string, values: ContextValues, env: Env): Promise<void> {
  const { stringify } = await import('yaml');
  await writePrivately(contextPath(name, env), stringify(values, { lineWidth: 0 }));
}

export const removeContext = (name: string, env: Env): Promise<void> => rm(contextPath(name, env));

export const writeCurrent = (name: string, env: Env): Promise<void> =>
  writePrivately(currentPath(env), `${name}\n`);

export const removeCurrent = (env: Env): Promise<void> => rm(currentPath(env), { force: true });

/** Whole or not at all, and for nobody else: which servers there are, and where tokens lie, is nobody's business. */
async function writePrivately(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(temporary, text, { mode: 0o600 });
    await rename(temporary, path);
  } catch (error) {
    throw new UserError(`That cannot be kept: ${messageOf(error)}.`);
  }
}
