import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, chmod, chown, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { createLog } from '../../../lib/log.ts';
import { findOwner } from '../../../src/db/embedded/owner.ts';
import { findPostmaster } from '../../../src/db/embedded/postmaster.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../src/db/embedded.ts';
import { makeDataDir, startOwnPostgres } from '../../support/postgres.ts';
import { query } from '../../support/query.ts';

const log = createLog('test', 'silent', 'json');
const holderProgram = new URL('../../support/postgresHolder.ts', import.meta.url).pathname;
const running = new Set<EmbeddedPostgres>();

afterEach(async () => {
  for (const postgres of running) await stop(postgres);
});

async function start(dataDir: string): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, log });
  running.add(postgres);
  return postgres;
}

async function stop(postgres: EmbeddedPostgres): Promise<void> {
  running.delete(postgres);
  await postgres.stop();
}

async function newDataDir(): Promise<string> {
  const dataDir = await makeDataDir();
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  return dataDir;
}

/** Another process that needs the database; resolves when it has it. */
async function startHolder(dataDir: string, ...wrapper: string[]): Promise<[ChildProcess, string]> {
  const [program = process.execPath, ...args] = [
    ...wrapper,
    process.execPath,
    holderProgram,
    dataDir,
  ];
  const holder = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void holder.kill('SIGKILL'));
  const [line] = await once(holder.stdout, 'data');
  return [holder, String(line).trim()];
}

async function end(holder: ChildProcess): Promise<void> {
  holder.kill('SIGTERM');
  await once(holder, 'exit');
}

const pidOf = (dataDir: string) => findPostmaster(join(dataDir, 'postgres'));

test('a database is created, and is there again after a stop', async () => {
  const dataDir = await newDataDir();
  const first = await start(dataDir);
  await query(first.url, 'create table kept as select 1 as value');
  await stop(first);
  expect(await pidOf(dataDir)).toBeUndefined();

  const second = await start(dataDir);
  expect(second.url).toBe(first.url);
  expect(await query(second.url, 'select value from kept')).toEqual([{ value: 1 }]);
});

test('what is committed is on disk, strings sort the same everywhere, and nobody reaches it by network', async () => {
  const { url } = await start(await newDataDir());
  const [settings] = await query(
    url,
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
       current_setting('listen_addresses') as network, current_setting('data_checksums') as checksums,
       (select concat_ws(' ', datlocprovider, datlocale, datcollate, pg_encoding_to_char(encoding))
        from pg_database where datname = current_database()) as strings`,
  );
  expect(settings).toEqual({
    fsync: 'on',
    commit: 'on',
    network: '',
    checksums: 'on',
    strings: 'b C.UTF-8 C UTF8',
  });
});

test('PostgreSQL outlives a killed server, is adopted by the next one and stopped by it', async () => {
  const dataDir = await newDataDir();
  const [holder, url] = await startHolder(dataDir);
  const pid = await pidOf(dataDir);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);

  const adopted = await start(dataDir);
  expect(await pidOf(dataDir)).toBe(pid);
  await stop(adopted);
  expect(await pidOf(dataDir)).toBeUndefined();
});

test('killed PostgreSQL comes back at the same address with everything that was committed', async () => {
  await using postgres = await startOwnPostgres();
  await query(postgres.url, 'create table kept (round int)');
  for (const round of [1, 2, 3]) {
    await query(postgres.url, `insert into kept values (${round})`);
    await postgres.kill();
  }
  expect(await query(postgres.url, 'select count(*)::int from kept')).toEqual([{ count: 3 }]);
});

test('servers started together on a new folder share its database; the last to leave stops it', async () => {
  const dataDir = await newDataDir();
  const [[first, url], [second, other]] = await Promise.all([
    startHolder(dataDir),
    startHolder(dataDir),
  ]);
  expect(other).toBe(url);
  expect(await readdir(dataDir)).toEqual(['postgres']);
  await end(first);
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await end(second);
  expect(await pidOf(dataDir)).toBeUndefined();
});

test('servers that leave at the same moment leave nothing running', async () => {
  const dataDir = await newDataDir();
  const all = [await start(dataDir), await start(dataDir), await start(dataDir)];
  await Promise.all(all.map(stop));
  expect(await pidOf(dataDir)).toBeUndefined();
});

test('a postmaster.pid that names a process of something else does not keep PostgreSQL down', async () => {
  const dataDir = await newDataDir();
  await stop(await start(dataDir));
  const other = spawn('sleep', ['60'], { ...(await findOwner()) });
  onTestFinished(() => void other.kill());
  await writeFile(join(dataDir, 'postgres', 'postmaster.pid'), `${other.pid}\n`);

  const postgres = await start(dataDir);
  expect(await query(postgres.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a start that fails says why in the words of PostgreSQL', async () => {
  const dataDir = await newDataDir();
  await stop(await start(dataDir));
  await appendFile(join(dataDir, 'postgres', 'postgresql.conf'), 'no_such_setting = 1\n');
  await expect(start(dataDir)).rejects.toThrow(
    /^PostgreSQL does not start on .*unrecognized configuration parameter "no_such_setting"/,
  );
});

test('a creation that was cut short is not taken for a database', async () => {
  const dataDir = await newDataDir();
  await mkdir(join(dataDir, 'postgres.new-999999999'));
  await start(dataDir);
  expect(await readdir(dataDir)).toEqual(['postgres']);
});

test('a data folder with a name too long for a socket has its socket elsewhere', async () => {
  const dataDir = join(await newDataDir(), 'n'.repeat(100));
  const { url } = await start(dataDir);
  expect(url).toMatch(/^postgres:\/\/sluice@%2Ftmp%2Fsluice-[0-9a-f]{16}\/sluice$/);
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await rm(decodeURIComponent(new URL(url).hostname), { recursive: true });
});

test('where PostgreSQL may not enter the data folder, its database goes to /var/lib and stays there', async () => {
  const dataDir = await newDataDir();
  await chmod(dataDir, 0o700);
  const postgres = await start(dataDir);
  const home = dirname(decodeURIComponent(new URL(postgres.url).hostname));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  expect(home).toMatch(/^\/var\/lib\/sluice\/embedded\/sluice-db-/);
  await query(postgres.url, 'create table kept as select 1 as value');
  await stop(postgres);

  await chmod(dataDir, 0o755);
  const again = await start(dataDir);
  expect(await query(again.url, 'select value from kept')).toEqual([{ value: 1 }]);
});

test('a database that PostgreSQL can no longer reach is not replaced by an empty one', async () => {
  const dataDir = await newDataDir();
  await stop(await start(dataDir));
  await chmod(dataDir, 0o700);
  await expect(start(dataDir)).rejects.toThrow(/can no longer reach its database in /);
});

test('without root PostgreSQL runs as the same user', async () => {
  const dataDir = await newDataDir();
  const nobody = Number(execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }));
  await chown(dataDir, nobody, nobody);
  const asNobody = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];
  const [holder] = await startHolder(dataDir, ...asNobody);
  const pid = await pidOf(dataDir);
  expect((await stat(`/proc/${pid}`)).uid).toBe(nobody);
  await end(holder);
  expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
});
