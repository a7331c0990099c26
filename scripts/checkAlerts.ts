/** `node scripts/checkAlerts.ts`: Prometheus' own promtool reads and tests the alert rules; fetched from Debian if missing. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run } from './lab/command.ts';

const rules = new URL('../packaging/prometheus/', import.meta.url).pathname;
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sluice', 'promtool');
const cached = join(cache, 'usr/bin/promtool');

const promtool = await findPromtool();
process.stdout.write(await run(promtool, ['check', 'rules', join(rules, 'sluice.rules.yml')]));
const tests = await run('env', [`--chdir=${rules}`, promtool, 'test', 'rules', 'sluice.test.yml']);
process.stdout.write(tests);

/** Unpacked, never installed: Debian's package would start a Prometheus. */
async function findPromtool(): Promise<string> {
  if (existsSync('/usr/bin/promtool')) return '/usr/bin/promtool';
  if (existsSync(cached)) return cached;
  await mkdir(cache, { recursive: true });
  await run('apt-get', ['update'], { timeoutMs: 120_000 });
  const download = ['-o', 'APT::Sandbox::User=root', 'download', 'prometheus'];
  await run('env', [`--chdir=${cache}`, 'apt-get', ...download], { timeoutMs: 300_000 });
  await run('sh', ['-c', 'dpkg-deb --extract "$1"/*.deb "$1"', 'sh', cache], { timeoutMs: 60_000 });
  return cached;
}
