import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { commandsIn } from '../docs/docShell.ts';

const run = promisify(execFile);
const root = new URL('../..', import.meta.url).pathname;

test('README.md: npm run demo holds its limits on real traffic and says so', async () => {
  const [commands = ''] = await commandsIn('README.md');
  // The first is the quickstart's, and stays until Ctrl-C.
  expect(commands).toMatch(/^npm start .*\nnpm run demo .*\n$/);
  const { stdout } = await run('npm', ['run', '--silent', 'demo'], { cwd: root });
  expect(stdout).toMatch(/EGRESS +10000 kbit\/s +APPLIED by openflow_meter/);
  expect(stdout).toContain('The limits held: UDP within 10 % of each rule.');
}, 120_000);
