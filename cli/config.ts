import {
  caFileSetting,
  clientCertRule,
  clientCertSettings,
  serverSetting,
  tokenRule,
} from '../lib/clientSettings.ts';
import {
  type ConfigOf,
  configPathOf,
  dataSetting,
  logSettings,
  readConfig,
  type Sources,
  setting,
} from '../lib/config.ts';
import type { ParsedConfigFile } from '../lib/configFile.ts';
import { path, text } from '../lib/configTypes.ts';
import { UserError } from '../lib/errors.ts';
import { exitCodes } from './exitCodes.ts';

export const cliSettings = {
  context: setting({
    type: text(),
    placeholder: 'context',
    help: 'which of your contexts; without it the one that "sluice context use" chose',
  }),
  server: serverSetting,
  token: setting({ type: text(), secret: true, help: 'your token; others can see it in ps' }),
  tokenFile: setting({
    type: path(),
    placeholder: 'file',
    help: 'file with your token; without both: admin.token in the data folder',
  }),
  caFile: caFileSetting,
  ...clientCertSettings,
  data: setting({
    ...dataSetting,
    placeholder: 'folder',
    help: 'data folder of a local start',
  }),
  ...logSettings,
  logLevel: setting({
    ...logSettings.logLevel,
    default: 'warn',
    help: 'least level that is logged; debug shows each request',
  }),
};

export type CliConfig = ConfigOf<typeof cliSettings>;

/** Rejects with a UserError that has every fault that the settings have. */
export async function loadCliConfig(sources: Sources): Promise<CliConfig> {
  const file = await fileFor(sources);
  return readConfig(cliSettings, { ...sources, file }, [tokenRule, clientCertRule]);
}

/** Under flags and environment lies one file: the one that is named, else the context. */
async function fileFor(sources: Sources): Promise<ParsedConfigFile | undefined> {
  const { flags } = sources;
  const path = configPathOf(sources);
  if (path === undefined) return contextFor(sources);
  if (flags.config !== undefined && flags.context !== undefined) {
    const sentence = 'A file or a context: one of --config and --context must go.';
    throw new UserError(sentence, exitCodes.usage);
  }
  const { readConfigFile } = await import('../lib/configFile.ts');
  return readConfigFile(path, Object.keys(cliSettings));
}

/**
 * What the context says, less what must not be mixed with what is named on the spot: a token that was kept for
 * one server is not sent to another, unless the command line names the context too.
 */
async function contextFor({ flags, env }: Sources): Promise<ParsedConfigFile | undefined> {
  const { currentContext, readContext } = await import('./contexts/store.ts');
  const name = textOf(flags.context) ?? textOf(env.SLUICE_CONTEXT) ?? currentContext(env);
  if (name === undefined) return undefined;
  const file = await readContext(name, env);
  const named = (key: string, variable: string) =>
    textOf(flags[key]) !== undefined || textOf(env[variable]) !== undefined;
  const hasToken = named('token', 'SLUICE_TOKEN') || named('tokenFile', 'SLUICE_TOKEN_FILE');
  const isElsewhere = flags.context === undefined && named('server', 'SLUICE_SERVER');
  const withheld = [
    ...(hasToken || isElsewhere ? ['tokenFile'] : []),
    ...(isElsewhere ? ['caFile', 'clientCert', 'clientKey'] : []),
  ];
  const values = [...file.values].filter(([key]) => !withheld.includes(key));
  return { ...file, values: new Map(values) };
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
