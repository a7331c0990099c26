import { readFileSync, writeFileSync } from 'node:fs';
import { type DocumentNode, Kind, parse, print } from 'graphql';
import packageJson from '../package.json' with { type: 'json' };
import * as generated from '../schema/generated/graphql.ts';
import type { TrustedDocument } from '../schema/trusted/document.ts';

/*
 * Writes schema/trusted/*.json: the documents that our programs send, as they send them, which are all that a
 * server runs for an agent. With --check it only says whether they are up to date. What an earlier version has
 * sent stays, so that a server takes agents older than itself; what was never released does not.
 */
const programs = { agent: ['agent'], operator: ['operator', 'cli'] };

const stale = Object.entries(programs).filter(([program, sources]) => {
  const file = new URL(`../schema/trusted/${program}.json`, import.meta.url);
  const known = JSON.parse(readFileSync(file, 'utf8')) as TrustedDocument[];
  const text = `${JSON.stringify(merged(known, sources.flatMap(documentsOf)), null, 2)}\n`;
  if (text === readFileSync(file, 'utf8')) return false;
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  return true;
});
if (stale.length > 0 && process.argv.includes('--check')) {
  process.stderr.write('schema/trusted is not what the documents give: npm run codegen\n');
  process.exitCode = 1;
}

/** The texts of a file's operations, printed as the programs print them. */
function documentsOf(source: string): TrustedDocument[] {
  const file = new URL(`../schema/operations/${source}.graphql`, import.meta.url);
  return parse(readFileSync(file, 'utf8'))
    .definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION)
    .map(({ name }) => {
      const document = (generated as Record<string, unknown>)[`${name?.value}Document`];
      const text = print(document as DocumentNode);
      return { name: name?.value ?? '', since: packageJson.version, text };
    });
}

function merged(known: readonly TrustedDocument[], current: readonly TrustedDocument[]) {
  const released = known.filter(({ since }) => since !== packageJson.version);
  const texts = new Set(released.map(({ text }) => text));
  return [...released, ...current.filter(({ text }) => !texts.has(text))];
}
