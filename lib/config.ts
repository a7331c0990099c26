import { type Command, Option } from 'commander';
import type { ParsedConfigFile } from './configFile.ts';
import { type ConfigType, oneOf, type Parsed, path, share, url } from './configTypes.ts';
import { UserError } from './errors.ts';
import { logFormats, logLevels } from './logLevels.ts';

/**
 * One declaration gives a setting all its forms: under the key `databaseUrl` it is the flag
 * `--database-url`, the environment's `SLUICE_DATABASE_URL` and the YAML key `databaseUrl`.
 */
export interface Setting<T> {
  readonly type: ConfigType<T>;
  readonly help: string;
  /** As one would write it, so that help shows it so; undefined: the setting may be absent. */
  readonly default?: string | number | boolean | undefined;
  /** What stands for its value in help, and what completion offers for it; default: value. */
  readonly placeholder?: string;
  /** Its value is never printed. */
  readonly secret?: boolean;
}

/** A setting that always has a value, for its default. */
export interface DefaultedSetting<T> extends Setting<T> {
  readonly default: string | number | boolean;
}

export function setting<T>(declaration: DefaultedSetting<T>): DefaultedSetting<T>;
export function setting<T>(declaration: Setting<T>): Setting<T>;
export function setting<T>(declaration: Setting<T>): Setting<T> {
  return declaration;
}

export type Settings = Readonly<Record<string, Setting<unknown>>>;
export type ConfigOf<S extends Settings> = {
  readonly [Key in keyof S]: S[Key] extends DefaultedSetting<infer T>
    ? T
    : S[Key] extends Setting<infer T>
      ? T | undefined
      : never;
};

/** What every program has. */
export const logSettings = {
  logLevel: setting({
    type: oneOf(logLevels),
    default: 'info',
    help: 'least level that is logged',
  }),
  logFormat: setting({
    type: oneOf(logFormats),
    default: process.stderr.isTTY ? 'pretty' : 'json',
    help: 'pretty or json; on a terminal the default is pretty',
  }),
};

/** One default for all programs: what one of them leaves there, the others find. */
export const dataSetting = setting({
  type: path(),
  default: './data',
  help: 'folder for what must outlive a restart',
});

/** What both long-running programs have. */
export const traceSettings = {
  traces: setting({
    type: url('http', 'https'),
    help: 'OpenTelemetry collector that traces of changes are sent to, by OTLP over HTTP, as http://collector:4318/v1/traces; without it none are',
  }),
  tracesShare: setting({
    type: share(),
    default: 1,
    help: 'part of the traces that is sent, from 0 to 1; what a caller already decided holds',
  }),
};

/** Adds the settings' flags to a command, and `--config FILE`. */
export function addOptions(command: Command, settings: Settings): Command {
  command.option('--config <file>', 'YAML file with settings (SLUICE_CONFIG)');
  for (const [key, declaration] of Object.entries(settings)) {
    for (const option of optionsOf(key, declaration)) command.addOption(option);
  }
  return command;
}

export interface Sources {
  /** commander's `opts()`: what the command line named. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The file that `--config` or SLUICE_CONFIG names. An empty name names none. */
export function configPathOf({ flags, env }: Sources): string | undefined {
  return [flags.config, env.SLUICE_CONFIG].find(
    (path): path is string => typeof path === 'string' && path !== '',
  );
}

/** A rule over several settings, judged where each of them is right by itself. */
export interface ConfigRule<S extends Settings> {
  readonly about: readonly (keyof S)[];
  /** The fault as a sentence, or undefined. */
  readonly fault: (config: ConfigOf<S>) => string | undefined;
}

/**
 * Takes each setting from the first source that names it: flag, environment, file, default. An empty
 * variable or key does not name it. Throws a UserError with exit code 2 that has every fault, one a line.
 */
export function readConfig<S extends Settings>(
  settings: S,
  sources: Sources & { readonly file?: ParsedConfigFile | undefined },
  rules: readonly ConfigRule<S>[] = [],
): ConfigOf<S> {
  const { file } = sources;
  const faults = [...(file?.faults ?? [])];
  const values: Record<string, unknown> = {};
  const faulty = new Set<keyof S>();
  for (const [key, declaration] of Object.entries(settings)) {
    const result = parseValue(declaration, findValue(key, declaration, sources, file));
    if ('value' in result) values[key] = result.value;
    else {
      faults.push(result.fault);
      faulty.add(key);
    }
  }
  // As right as the rules need it: those about a faulty setting are not asked.
  const config = values as ConfigOf<S>;
  for (const { about, fault } of rules) {
    const sentence = about.some((key) => faulty.has(key)) ? undefined : fault(config);
    if (sentence !== undefined) faults.push(sentence);
  }
  if (faults.length > 0) throw new UserError(faults.join('\n'), 2);
  return config;
}

/** What `check-config` prints: the settings as they hold, one a line, secrets hidden. */
export function describeConfig<S extends Settings>(settings: S, config: ConfigOf<S>): string {
  return Object.entries(settings)
    .map(([key, { secret }]) => {
      const value = config[key];
      const shown = secret && value !== undefined ? '(hidden)' : JSON.stringify(value ?? null);
      return `${key}: ${shown}`;
    })
    .join('\n');
}

function optionsOf(key: string, declaration: Setting<unknown>): Option[] {
  const { help, default: fallback, placeholder = 'value' } = declaration;
  const shown = fallback === undefined ? '' : `; default: ${fallback}`;
  const description = `${help} (${envNameOf(key)}${shown})`;
  if (typeof fallback !== 'boolean')
    return [new Option(`${flagOf(key)} <${placeholder}>`, description)];
  // Help shows the form that changes something; the other overrides the environment or a file.
  return [
    new Option(flagOf(key), description).hideHelp(fallback),
    new Option(flagOf(key, '--no-'), description).hideHelp(!fallback),
  ];
}

export function flagOf(key: string, prefix = '--'): string {
  return prefix + key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

export function envNameOf(key: string): string {
  return `SLUICE_${key.replace(/[A-Z]/g, '_$&').toUpperCase()}`;
}

interface FoundValue {
  readonly where: string;
  readonly value: unknown;
}

function findValue(
  key: string,
  { default: fallback }: Setting<unknown>,
  { flags, env }: Sources,
  file: ParsedConfigFile | undefined,
): FoundValue | undefined {
  const candidates = [
    { where: flagOf(key), value: flags[key] },
    { where: envNameOf(key), value: env[envNameOf(key)] || undefined },
    { where: `${key} in ${file?.path}`, value: file?.values.get(key) ?? undefined },
    { where: `the default of ${flagOf(key)}`, value: fallback },
  ];
  return candidates.find(({ value }) => value !== undefined);
}

function parseValue(
  { type, secret }: Setting<unknown>,
  found: FoundValue | undefined,
): Parsed<unknown> {
  if (!found) return { value: undefined };
  const parsed = type.parse(found.value);
  if ('value' in parsed) return parsed;
  const shown = secret ? 'is not right' : `is ${JSON.stringify(found.value)}`;
  return { fault: `${found.where} ${shown}: ${parsed.fault}.` };
}
