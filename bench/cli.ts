/**
 * `npm run bench cli`: how long `sluice` takes from its start to its end, as it is shipped and from the checkout,
 * beside `node -e 0` on the same Node: its help, completion's look-up, and a list of 50 rules from a real server.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildPackage } from '../scripts/build/package.ts';
import { withBenchDatabase } from './fleet/database.ts';
import { seedFleet } from './fleet/seed.ts';
import { startFleetServer } from './fleet/server.ts';
import { keepResults } from './results.ts';
import { measure, row, type Spread } from './stats.ts';

const runs = 30;
const rules = 50;
/** What is asked of it here, milliseconds. */
const asked = { help: 150, list: 400 };

const run = promisify(execFile);

await withBenchDatabase(async (database) => {
  await seedFleet(database.url, { hosts: rules, portsEach: 1 });
  await using server = await startFleetServer(database);
  const token = await server.token({ role: 'admin' });
  const built = await mkdtemp(join(tmpdir(), 'sluice-built-'));
  try {
    await buildPackage(built);
    await report({
      shipped: join(built, 'sluice.js'),
      checkout: join(import.meta.dirname, '../bin/sluice.js'),
      env: { SLUICE_SERVER: server.url, SLUICE_TOKEN: token },
    });
  } finally {
    await rm(built, { recursive: true });
  }
});

interface Measured {
  readonly shipped: string;
  readonly checkout: string;
  readonly env: Readonly<Record<string, string>>;
}

async function report({ shipped, checkout, env }: Measured): Promise<void> {
  const time = (...args: string[]) =>
    measure(runs, async () => {
      await run(process.execPath, args, { env: { ...process.env, ...env } });
    });
  const list = ['rule', 'list', '-f', 'json'];
  const { stdout } = await run(process.execPath, [shipped, ...list], {
    env: { ...process.env, ...env },
  });
  const found = (JSON.parse(stdout) as unknown[]).length;
  if (found !== rules) throw new Error(`The list has ${found} rules, not ${rules}.`);

  const floor = await time('-e', '0');
  const figures: Record<string, Spread> = { 'node -e 0': floor };
  for (const [name, program] of Object.entries({ shipped, checkout })) {
    figures[`sluice --help, ${name}`] = await time(program, '--help');
    figures[`sluice rule list, ${name}`] = await time(program, 'rule', 'list');
    figures[`completion of a rule's id, ${name}`] = await time(
      ...[program, '__complete', '--', 'rule', 'show', ''],
    );
  }
  const rows = Object.entries(figures).map(([what, spread]) => row(what, spread, floor));
  process.stdout.write(
    `${`${runs} runs each, ${rules} rules`.padEnd(52)}      p50      p99  × floor\n${rows.join('\n')}\n`,
  );
  const verdicts = ['shipped', 'checkout'].flatMap((name) => [
    verdict(`--help, ${name}`, figures[`sluice --help, ${name}`], asked.help),
    verdict(`rule list, ${name}`, figures[`sluice rule list, ${name}`], asked.list),
  ]);
  process.stdout.write(`${verdicts.join('\n')}\n`);
  await keepResults('cli', { figures, asked });
}

function verdict(what: string, spread: Spread | undefined, mostMs: number): string {
  const ms = spread?.p50 ?? Number.POSITIVE_INFINITY;
  if (ms > mostMs) process.exitCode = 1;
  return `${what}: ${ms.toFixed(0)} ms, asked ${mostMs}: ${ms <= mostMs ? 'held' : 'NOT HELD'}`;
}
