import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { run } from '../../scripts/lab/command.ts';
import { eventually } from '../support/eventually.ts';
import { debianRoot } from './debianRoot.ts';

/** A Debian whose changes are gone when it is. */
export interface Disk extends AsyncDisposable {
  readonly root: string;
}

export async function mountDisk(): Promise<Disk> {
  const lower = await debianRoot();
  const dir = await mkdtemp(join(tmpdir(), 'sluice-disk-'));
  const [root, upper, work] = [join(dir, 'root'), join(dir, 'upper'), join(dir, 'work')];
  for (const folder of [root, upper, work]) await mkdir(folder);
  const layers = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
  await run('mount', ['-t', 'overlay', 'overlay', '-o', layers, root]);
  return {
    root,
    [Symbol.asyncDispose]: async () => {
      await run('umount', [root]);
      await rm(dir, { recursive: true });
    },
  };
}

/** That Debian running: systemd as its first process, a network of its own, real units in their real sandbox. */
export interface Machine extends AsyncDisposable {
  /** Runs a shell's command line as root; its standard output and error, or an Error with both. */
  sh(command: string): Promise<string>;
}

/** Boots one with systemd-nspawn. `packages` is seen in it as /packages. */
export async function bootMachine(packages: string): Promise<Machine> {
  await using started = new AsyncDisposableStack();
  const disk = started.use(await mountDisk());
  const nspawn = spawn(
    'systemd-nspawn',
    [
      ...['--boot', '--quiet', '--register=no', '--private-network', '--machine=sluice-test'],
      // Where systemd runs this machine too, it gives the container a scope.
      ...(existsSync('/run/systemd/system') ? [] : ['--keep-unit']),
      ...['--directory', disk.root, '--bind=/dev/net/tun', `--bind-ro=${packages}:/packages`],
      '--console=pipe',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let console = '';
  for (const stream of [nspawn.stdout, nspawn.stderr]) {
    stream.on('data', (text) => {
      console = (console + text).slice(-8192);
    });
  }
  started.defer(async () => {
    if (nspawn.exitCode !== null || nspawn.signalCode !== null) return;
    // An orderly shutdown takes PostgreSQL's word for it; nobody needs that here.
    nspawn.kill('SIGKILL');
    await once(nspawn, 'exit');
  });
  const first = await eventually(
    async () => {
      const children = `/proc/${nspawn.pid}/task/${nspawn.pid}/children`;
      const [child] = (await readFile(children, 'utf8')).split(' ');
      if (!child || (await readFile(`/proc/${child}/comm`, 'utf8')).trim() !== 'systemd') {
        throw new Error(`systemd does not run in it:\n${console}`);
      }
      return child;
    },
    { timeoutMs: 20_000 },
  );
  // nspawn's end is not the end of what it started; with its first process all of a container's end.
  started.defer(() => {
    process.kill(Number(first), 'SIGKILL');
  });
  const sh = (command: string) => enter(first, command);
  // Its bus is a moment later than its first process.
  await eventually(() => sh('systemctl is-system-running --wait'), { timeoutMs: 60_000 });
  const running = started.move();
  return { sh, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

async function enter(pid: string, command: string): Promise<string> {
  const spaces = ['--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup', '--root', '--wd'];
  const shell = [
    'env',
    '-i',
    'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
    'sh',
    '-ec',
    `{ ${command}\n} 2>&1`,
  ];
  try {
    const { stdout } = await promisify(execFile)('nsenter', ['-t', pid, ...spaces, ...shell], {
      timeout: 60_000,
    });
    return stdout;
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    throw new Error(`\`${command}\` failed: ${stdout || error}`, { cause: error });
  }
}
