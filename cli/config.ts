import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serverSetting, tokenRule } from '../lib/clientSettings.ts';
import { type ConfigOf, loadConfig, logSettings, type Sources, setting } from '../lib/config.ts';
import { path, text } from '../lib/configTypes.ts';
import { messageOf, UserError } from '../lib/errors.ts';
import { exitCodes } from './exitCodes.ts';

export const cliSettings = {
  server: serverSetting,
  token: setting({ type: text(), secret: true, help: 'your token; others can see it in ps' }),
  tokenFile: setting({
    type: path(),
    help: 'file with your token; without both: admin.token in the data folder',
  }),
  data: setting({ type: path(), default: './data', help: 'data folder of a local start' }),
  ...logSettings,
  logLevel: setting({
    ...logSettings.logLevel,
    default: 'warn',
    help: 'least level that is logged; debug shows each request',
  }),
};

export type CliConfig = ConfigOf<typeof cliSettings>;

/** Throws a UserError with every fault that the settings have. */
export function loadCliConfig(sources: Sources): CliConfig {
  return loadConfig(cliSettings, sources, [tokenRule]);
}

/** Your credential. Rejects with what to set where there is none. */
export async function readToken({ token, tokenFile, data }: CliConfig): Promise<string> {
  if (token !== undefined) return token;
  const file = tokenFile ?? join(data, 'admin.token');
  try {
    const found = await readFile(file, 'utf8');
    return found.trim();
  } catch (error) {
    if (tokenFile !== undefined) {
      const sentence = `The token file cannot be read: ${messageOf(error)}.`;
      throw new UserError(sentence, exitCodes.usage);
    }
    throw new UserError(
      `There is no token: set SLUICE_TOKEN or --token-file. (A local start keeps one in ${file}, which cannot be read.)`,
      exitCodes.notAllowed,
    );
  }
}
