import { stringify } from 'yaml';
import type { Settings } from '../../lib/config.ts';
import { machineDefaults } from '../machineDefaults.ts';

export interface SettingsFileOptions {
  readonly program: string;
  readonly settings: Settings;
  /** What holds in a package; all else is a comment. */
  readonly set: Readonly<Record<string, string | boolean>>;
}

const widest = 100;

/** A configuration file with every setting that a program declares: what it does, its default, and a line to uncomment. */
export function settingsFile({ program, settings, set }: SettingsFileOptions): string {
  const head = `# Settings of ${program}. A flag or the environment (SLUICE_…) counts before this file.\n# To check it: ${program} check-config. A "#key: value" line shows the default.\n`;
  const unknown = Object.keys(set).filter((key) => !(key in settings));
  if (unknown.length > 0) throw new Error(`${program} has no setting ${unknown.join(', ')}.`);
  return [head, ...Object.keys(settings).map((key) => entry(key, settings, set[key]))].join('\n');
}

function entry(key: string, settings: Settings, value: string | boolean | undefined): string {
  const setting = settings[key];
  const comment = wrap(`${setting?.help ?? ''}${wordsOf(key)}`);
  if (value !== undefined) return `${comment}${stringify({ [key]: value })}`;
  const shown = key in machineDefaults ? undefined : setting?.default;
  return `${comment}#${shown === undefined ? `${key}:\n` : stringify({ [key]: shown })}`;
}

const wordsOf = (key: string): string =>
  machineDefaults[key] === undefined ? '' : ` (default: ${machineDefaults[key]})`;

function wrap(sentence: string): string {
  const lines: string[] = [];
  let line = '#';
  for (const word of sentence.split(' ')) {
    if (line.length + 1 + word.length > widest) {
      lines.push(line);
      line = '#';
    }
    line += ` ${word}`;
  }
  return `${[...lines, line].join('\n')}\n`;
}
