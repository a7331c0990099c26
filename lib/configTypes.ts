import { resolve } from 'node:path';

/**
 * The types of settings. A value arrives as text from a flag or the environment and as text, number,
 * boolean or list from a YAML file; each type takes all of these and says what it allows.
 */
export interface ConfigType<T> {
  readonly parse: (value: unknown) => Parsed<T>;
}

/** The value as programs use it, or a clause that says what it must be. */
export type Parsed<T> = { readonly value: T } | { readonly fault: string };

/** A type by a function that gives undefined for what is not allowed; `allowed` completes "it must be …". */
export function configType<T>(
  allowed: string,
  parse: (value: unknown) => T | undefined,
): ConfigType<T> {
  return {
    parse: (value) => {
      const parsed = parse(value);
      return parsed === undefined ? { fault: `it must be ${allowed}` } : { value: parsed };
    },
  };
}

export function text(): ConfigType<string> {
  return configType('text', asText);
}

/** A file or folder; relative names start at the working directory. */
export function path(): ConfigType<string> {
  return configType('a path', (value) => {
    const name = asText(value);
    return name === undefined ? undefined : resolve(name);
  });
}

/** A URL with one of these schemes, as it was written. */
export function url(...schemes: readonly string[]): ConfigType<string> {
  const shapes = schemes.map((scheme) => `${scheme}://…`).join(' or ');
  return configType(`a URL like ${shapes}`, (value) => {
    const address = asText(value);
    const scheme = address === undefined ? undefined : URL.parse(address)?.protocol.slice(0, -1);
    return scheme !== undefined && schemes.includes(scheme) ? address : undefined;
  });
}

export function integer(range: { min: number; max: number; unit?: string }): ConfigType<number> {
  const unit = range.unit ? ` of ${range.unit}` : '';
  return configType(`a whole number${unit} from ${range.min} to ${range.max}`, (value) => {
    const number = typeof value === 'number' ? value : Number(asText(value)?.match(/^-?\d+$/)?.[0]);
    const inRange = Number.isInteger(number) && number >= range.min && number <= range.max;
    return inRange ? number : undefined;
  });
}

/** A part of a whole, from 0 to 1. */
export function share(): ConfigType<number> {
  return configType('a number from 0 to 1', (value) => {
    const number = Number(asText(value) ?? Number.NaN);
    return number >= 0 && number <= 1 ? number : undefined;
  });
}

/** A duration in whole milliseconds. */
export function milliseconds(range: { min: number; max: number }): ConfigType<number> {
  return integer({ ...range, unit: 'milliseconds' });
}

const booleans = new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['false', false],
  ['0', false],
  ['no', false],
]);

export function boolean(): ConfigType<boolean> {
  return configType('true or false', (value) =>
    typeof value === 'boolean' ? value : booleans.get(asText(value)?.toLowerCase() ?? ''),
  );
}

export function oneOf<const Choice extends string>(choices: readonly Choice[]): ConfigType<Choice> {
  return configType(`one of ${choices.join(', ')}`, (value) =>
    choices.find((choice) => choice === value),
  );
}

/** Values between commas, or a YAML list; at least one, none of them twice. */
export function list<T>(element: ConfigType<T>): ConfigType<readonly T[]> {
  return {
    parse: (value) => {
      const parts = Array.isArray(value) ? value : asText(value)?.split(',').map(trim);
      if (!parts || parts.length === 0 || new Set(parts).size < parts.length) {
        return { fault: 'it must be a list of different values' };
      }
      const parsed = parts.map((part) => element.parse(part));
      const wrong = parsed.find((one) => 'fault' in one);
      return wrong ?? { value: parsed.flatMap((one) => ('value' in one ? [one.value] : [])) };
    },
  };
}

export interface ListenAddress {
  readonly host: string;
  /** 0 lets the kernel choose a free one. */
  readonly port: number;
}

/** Where to listen: `127.0.0.1:4000`, `[::1]:4000`, `0.0.0.0:4000`. */
export function listen(): ConfigType<ListenAddress> {
  return configType('an address and a port, like 127.0.0.1:4000 or [::1]:4000', asListenAddress);
}

export function asListenAddress(value: unknown): ListenAddress | undefined {
  const parts = asText(value)?.match(
    /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<host>[^:[\]]+)):(?<port>\d{1,5})$/,
  );
  const host = parts?.groups?.v6 ?? parts?.groups?.host;
  const port = Number(parts?.groups?.port);
  return host !== undefined && port <= 65535 ? { host, port } : undefined;
}

/** Numbers are text too: an unquoted 4000 in YAML is one. */
function asText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function trim(part: string): string {
  return part.trim();
}
