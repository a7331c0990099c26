import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Used {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly folder: string;
}

/** The licences of the packages that went into a bundle: whoever passes it on passes on their words too. */
export function licencesOf(files: readonly string[]): string {
  const folders = new Set(files.flatMap((file) => packageFolder(file) ?? []));
  const used = [...folders].map(describe).sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const texts = new Map(used.map((each) => [key(each), textOf(each)]));
  return [...texts.values()].join(`\n${'-'.repeat(80)}\n\n`);
}

/** `…/node_modules/@scope/name` of a file below it; undefined for a file of our own. */
function packageFolder(file: string): string | undefined {
  return /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
}

function describe(folder: string): Used {
  const { name, version, license } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as { name: string; version: string; license?: string };
  if (!license) throw new Error(`The package ${name} does not say under which licence it is.`);
  return { name, version, license, folder };
}

const key = ({ name, version }: Used): string => `${name} ${version}`;

function textOf(used: Used): string {
  const file = readdirSync(used.folder).find((each) => /^licen[cs]e/i.test(each));
  const text = file && existsSync(join(used.folder, file)) && readFileSync(join(used.folder, file));
  return `${key(used)}: ${used.license}\n${text ? `\n${text.toString().trim()}\n` : ''}`;
}
