import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'results');

/** Keeps a benchmark's figures as `bench/results/<name>.json`, with what they were measured on. */
export async function keepResults(name: string, figures: object): Promise<void> {
  const on = {
    at: new Date().toISOString(),
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    kernel: release(),
    node: process.version,
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify({ on, ...figures }, null, 2)}\n`);
}

/** What an earlier run kept; null: none did. */
export async function resultsOf<T extends object>(name: string): Promise<T | null> {
  const text = await readFile(join(folder, `${name}.json`), 'utf8').catch(() => null);
  return text === null ? null : JSON.parse(text);
}
