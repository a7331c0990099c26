import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readConfig } from '../../lib/config.ts';
import { UserError } from '../../lib/errors.ts';
import type { Here } from '../commands/run.ts';
import { cliSettings } from '../config.ts';
import { readTls, readToken } from '../credentials.ts';
import { exitCodes } from '../exitCodes.ts';
import { checkName, contextKeys, contextNames, readContext } from './store.ts';
import { type ContextValues, writeContext, writeCurrent } from './write.ts';

/** Keeps what the command line names; what an existing context says besides stays. */
export default async function setContext(
  here: Here,
  _options: object,
  name: string,
): Promise<void> {
  const { terminal, env, flags } = here;
  checkName(name);
  const named = namedOn(flags);
  const names = contextNames(env);
  const before = names.includes(name) ? (await readContext(name, env)).values : new Map();
  const values: ContextValues = Object.fromEntries([...before, ...Object.entries(named)]);
  await check(here, values);
  await writeContext(name, values, env);
  if (names.length > 0) return terminal.say(`Context ${name} is set.`);
  await writeCurrent(name, env);
  terminal.say(`Context ${name} is set and, as the first, in use.`);
}

function namedOn(flags: Here['flags']): ContextValues {
  if (flags.token !== undefined) {
    const sentence =
      'A context keeps no token, only where it is: put it into a file of mode 0600, and name that with --token-file.';
    throw new UserError(sentence, exitCodes.usage);
  }
  const named = contextKeys.flatMap((key) => {
    const value = flags[key];
    if (typeof value !== 'string') return [];
    return [[key, key === 'server' ? value : resolve(value)]];
  });
  if (named.length === 0) {
    const sentence =
      'Name what to keep: --server, --token-file, --ca-file, --client-cert or --client-key.';
    throw new UserError(sentence, exitCodes.usage);
  }
  return Object.fromEntries(named);
}

/** Better now than at the first command. */
async function check({ terminal }: Here, values: ContextValues): Promise<void> {
  const config = readConfig(cliSettings, { flags: values, env: {} });
  await readTls(config);
  if (config.tokenFile === undefined) return;
  await readToken(config);
  const { mode } = await stat(config.tokenFile);
  if ((mode & 0o077) !== 0) {
    const { tokenFile } = config;
    terminal.say(`Others can read ${tokenFile}: chmod 600 makes it yours alone.`);
  }
}
