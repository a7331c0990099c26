import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ParsedConfigFile } from '../../lib/configFile.ts';
import { UserError } from '../../lib/errors.ts';
import { nearest } from '../../lib/nearest.ts';
import { exitCodes } from '../exitCodes.ts';

/*
 * A context is a file of settings under a name, `contexts/NAME.yaml` in the user's configuration folder;
 * `context` beside it has the name of the current one. Tokens are in none of them: only where their file is.
 */

/** What a context may say. */
export const contextKeys = ['server', 'tokenFile', 'caFile', 'clientCert', 'clientKey'] as const;

export type Env = Readonly<Record<string, string | undefined>>;

/** XDG Base Directory Specification: $XDG_CONFIG_HOME, if it is an absolute path; else ~/.config. */
function configFolder(env: Env): string {
  const named = env.XDG_CONFIG_HOME;
  return join(named?.startsWith('/') ? named : join(homedir(), '.config'), 'sluice');
}

const contextFolder = (env: Env): string => join(configFolder(env), 'contexts');
export const contextPath = (name: string, env: Env): string =>
  join(contextFolder(env), `${name}.yaml`);
export const currentPath = (env: Env): string => join(configFolder(env), 'context');

/** The one that commands use which name none. */
export function currentContext(env: Env): string | undefined {
  try {
    return readFileSync(currentPath(env), 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

export function contextNames(env: Env): string[] {
  try {
    const files = readdirSync(contextFolder(env)).filter((file) => file.endsWith('.yaml'));
    return files.map((file) => file.slice(0, -'.yaml'.length)).sort();
  } catch {
    return [];
  }
}

/** Rejects with exit code 3 where there is none of this name. */
export async function readContext(name: string, env: Env): Promise<ParsedConfigFile> {
  checkName(name);
  const names = contextNames(env);
  if (!names.includes(name)) throw noContext(name, names);
  const { readConfigFile } = await import('../../lib/configFile.ts');
  return readConfigFile(contextPath(name, env), contextKeys);
}

/** A name that is a file's too. */
export function checkName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) return;
  const sentence = `A context's name is made of up to 64 letters, digits, dots, dashes and underscores, not ${JSON.stringify(name)}.`;
  throw new UserError(sentence, exitCodes.usage);
}

function noContext(name: string, names: readonly string[]): UserError {
  const meant = nearest(name, names);
  const there =
    names.length > 0 ? `there are ${names.join(', ')}.` : '"sluice context set" makes one.';
  const hint = meant ? `did you mean ${meant}?` : there;
  return new UserError(`There is no context ${name}: ${hint}`, exitCodes.notFound);
}
