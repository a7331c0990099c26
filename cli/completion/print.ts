import type { Command } from 'commander';
import { Client } from '../client/client.ts';
import { loadCliConfig } from '../config.ts';
import { contextNames } from '../contexts/store.ts';
import { readTls } from '../credentials.ts';
import { oneLine } from '../output/cells.ts';
import { type Candidate, expectedAt, settingsOn } from './candidates.ts';
import { liveCandidates } from './live.ts';

/** Prints what may stand at the cursor. Never fails: a shell could only show the error amid what is being typed. */
export async function printCandidates(program: Command, words: readonly string[]): Promise<void> {
  const current = words.at(-1) ?? '';
  const candidates = await findCandidates(program, words).catch(() => []);
  const lines = candidates
    .filter(({ word }) => word.startsWith(current === '=' ? '' : current))
    .map(({ word, description }) => `${oneLine(word)}\t${oneLine(description)}\n`);
  process.stdout.write(lines.join(''));
}

async function findCandidates(program: Command, words: readonly string[]): Promise<Candidate[]> {
  const expected = expectedAt(program, words);
  if ('candidates' in expected) return [...expected.candidates];
  if (expected.live === 'context') {
    return contextNames(process.env).map((word) => ({ word, description: '' }));
  }
  const config = await loadCliConfig({ flags: settingsOn(program, words), env: process.env });
  const client = new Client({ config, tls: await readTls(config) });
  const candidates = await liveCandidates(client, expected.live);
  return candidates.map((one) => ({ ...one, word: expected.prefix + one.word }));
}
