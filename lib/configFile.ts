import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { messageOf, UserError } from './errors.ts';
import { nearest } from './nearest.ts';

/** What a file says; where it is not right, the faults as sentences. */
export interface ParsedConfigFile {
  readonly path: string;
  readonly values: ReadonlyMap<string, unknown>;
  readonly faults: readonly string[];
}

/** What the file of this path says, where `known` are the keys that it may have. Throws a UserError where it cannot be read. */
export function readConfigFile(path: string, known: readonly string[]): ParsedConfigFile {
  return parseConfigFile({ path, text: textAt(path) }, known);
}

function textAt(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`The configuration file cannot be read: ${messageOf(error)}.`, 2);
  }
}

/** YAML with one key a setting. A key that no setting has is a fault: silence would hide a misspelt limit. */
export function parseConfigFile(
  { path, text }: { readonly path: string; readonly text: string },
  known: readonly string[],
): ParsedConfigFile {
  const document = parseDocument(text);
  // Only the message's first line: the others quote the file, secrets too.
  const broken = document.errors.map((error) => `${path}: ${error.message.split('\n')[0]}`);
  if (broken.length > 0) return { path, values: new Map(), faults: broken };
  const content: unknown = document.toJS() ?? {};
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    return {
      path,
      values: new Map(),
      faults: [`${path} must hold lines like "listen: [::1]:4000".`],
    };
  }
  const values = new Map<string, unknown>(Object.entries(content));
  const unknown = [...values.keys()].filter((key) => !known.includes(key));
  return { path, values, faults: unknown.map((key) => unknownKey(key, path, known)) };
}

function unknownKey(key: string, path: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  return `${path} has the unknown key "${key}"${meant ? `; did you mean "${meant}"?` : '.'}`;
}
