import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { sluicePath } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import { type Program, startProgram } from '../support/program.ts';
import { query } from '../support/query.ts';
import { SecretHunt } from '../support/secretHunt.ts';

/** The programs as they run on two machines, over TLS with an authority of the test's own. */

const patient = { timeoutMs: 20_000 };
let dir: string;
let database: TestDatabase;
let server: Program;
let port: number;
const programs: Program[] = [];
let hunt: SecretHunt;
const logs = () => programs.map(({ log }) => log).join('\n');

const file = (name: string) => join(dir, name);
const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });

function authority(name: string): void {
  openssl(
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-subj', `/CN=${name}`, '-days', '1', '-keyout', `${name}.key`, '-out', `${name}.pem`],
  );
}

function certificate(out: string, common: string, altNames: string, ca = 'ca'): void {
  openssl(
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-subj', `/CN=${common}`, '-addext', `subjectAltName=${altNames}`, '-days', '1'],
    ...['-addext', 'basicConstraints=critical,CA:FALSE', '-CA', `${ca}.pem`, '-CAkey', `${ca}.key`],
    ...['-keyout', `${out}.key`, '-out', `${out}.pem`],
  );
}

const password = 'a-password-of-the-database';
function withPassword(url: string): string {
  return Object.assign(new URL(url), { password }).href;
}

const serverSettings = () => ({
  SLUICE_DATABASE_URL: withPassword(database.url),
  SLUICE_DATA: file('server'),
  SLUICE_LISTEN: '127.0.0.1:0',
  SLUICE_LOG_FORMAT: 'json',
  SLUICE_LOG_LEVEL: 'debug',
  SLUICE_TLS_CERT: file('server.pem'),
  SLUICE_TLS_KEY: file('server.key'),
  SLUICE_TLS_CLIENT_CA: file('ca.pem'),
  SLUICE_AGENT_CREDENTIAL_MS: '6000',
});

function run(...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['src/main.ts', ...args], {
    env: { PATH: process.env.PATH, ...serverSettings() },
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  return hunt.keep(stdout.trim());
}

const sql = <Row extends object>(text: string) => query<Row>(database.url, text);

function startAgent(host: string, settings: Record<string, string>): Program {
  const agent = startProgram('agent/main.ts', ['run'], {
    SLUICE_DATA: file(host),
    SLUICE_HOST: host,
    SLUICE_DRIVER: 'noop',
    SLUICE_METRICS_LISTEN: 'off',
    SLUICE_LOG_LEVEL: 'debug',
    SLUICE_LOG_FORMAT: 'json',
    SLUICE_SERVER: `https://localhost:${port}/graphql`,
    SLUICE_CA_FILE: file('ca.pem'),
    ...settings,
  });
  programs.push(agent);
  return agent;
}

const stored = async (host: string) => {
  const credential = JSON.parse(await readFile(file(`${host}/agent/credential.json`), 'utf8'));
  hunt.keep(credential.token);
  hunt.keep(credential.exchange);
  return credential as { token: string };
};

const isHeardOf = (host: string) =>
  eventually(async () => {
    const rows = await sql(`select 1 from agents where host = '${host}'`);
    if (rows.length === 0) throw new Error(`Nothing of ${host}: ${logs()}`);
  }, patient);

async function tokenFile(name: string, token: string): Promise<string> {
  await writeFile(file(name), `${token}\n`, { mode: 0o600 });
  return file(name);
}

beforeAll(async () => {
  dir = await mkdtemp('/tmp/sluice-enrol-');
  hunt = new SecretHunt();
  hunt.keep(password);
  database = await createDatabase();
  authority('ca');
  authority('other');
  certificate('server', 'localhost', 'DNS:localhost,IP:127.0.0.1');
  server = startProgram('src/main.ts', ['run'], serverSettings());
  programs.push(server);
  port = await eventually(() => {
    const found = /"port":(\d+),"msg":"Serving GraphQL/.exec(server.log)?.[1];
    if (found === undefined) throw new Error(server.log);
    return Number(found);
  }, patient);
}, 60_000);
afterAll(async () => {
  hunt[Symbol.dispose]();
  for (const program of programs) await program.kill();
  await database.dispose();
  await rm(dir, { recursive: true });
});

describe('an agent', () => {
  test('enrols by its token, renews its credential again and again, and starts again without the token', async () => {
    const enrolToken = await tokenFile('host-a.enrol', run('token', 'enrol', '--host', 'host-a'));
    const agent = startAgent('host-a', { SLUICE_ENROL_TOKEN_FILE: enrolToken });
    await isHeardOf('host-a');
    const { token: first } = await stored('host-a');
    expect((await stat(file('host-a/agent/credential.json'))).mode & 0o777).toBe(0o600);

    await eventually(async () => {
      const rows = await sql(
        `select 1 from audit_log where action = 'credential.renewed' and after ->> 'count' > '1'`,
      );
      expect(rows).not.toEqual([]);
    }, patient);
    expect((await stored('host-a')).token).not.toBe(first);
    await agent.stop();
    await rm(enrolToken);
    await sql(`delete from agents where host = 'host-a'`);

    const again = startAgent('host-a', { SLUICE_ENROL_TOKEN_FILE: enrolToken });

    await isHeardOf('host-a');
    expect(await again.stop()).toBe(0);
  });

  test('on a machine that got a copy of the token is refused, and somebody hears of it', async () => {
    const token = run('token', 'enrol', '--host', 'host-b');
    const enrolToken = await tokenFile('host-b.enrol', token);
    const agent = startAgent('host-b', { SLUICE_ENROL_TOKEN_FILE: enrolToken });
    await isHeardOf('host-b');
    const thief = startAgent('host-b', {
      SLUICE_ENROL_TOKEN_FILE: enrolToken,
      SLUICE_DATA: file('thief'),
    });

    await eventually(() => expect(thief.log).toMatch(/used already/), patient);

    const rows = await sql(
      `select object_id, address from audit_log where action = 'enrolment.refused'`,
    );
    expect(rows).toEqual(expect.arrayContaining([{ object_id: 'host-b', address: '127.0.0.1' }]));
    await thief.kill();
    await agent.kill();
  });

  test('refuses a token file that others may read, in a sentence', async () => {
    const token = run('token', 'create', '--role', 'agent', '--host', 'host-c');
    const path = await tokenFile('host-c.token', token);
    await chmod(path, 0o644);
    const agent = startAgent('host-c', { SLUICE_TOKEN_FILE: path });
    await eventually(
      () =>
        expect(agent.log).toContain('can be read or changed by others (mode 644): chmod 600 it'),
      patient,
    );
    await agent.kill();
  });

  test('comes in by a certificate of its host alone', async () => {
    certificate('host-d', 'host-d', 'DNS:host-d,DNS:host-d.example.org');
    const agent = startAgent('host-d', {
      SLUICE_CLIENT_CERT: file('host-d.pem'),
      SLUICE_CLIENT_KEY: file('host-d.key'),
    });
    await isHeardOf('host-d');
    expect(await agent.stop()).toBe(0);
  });
});

describe('a client', () => {
  /** The close code of a socket, or that it was let in. */
  function comesIn(options: object, init: object): Promise<'let in' | number> {
    const socket = new WebSocket(`wss://localhost:${port}/graphql`, 'graphql-transport-ws', {
      ca: readFileSync(file('ca.pem')),
      ...options,
    });
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('open', () =>
        socket.send(JSON.stringify({ type: 'connection_init', payload: init })),
      );
      socket.once('close', (code) => resolve(code));
      socket.once('message', () => {
        resolve('let in');
        socket.close();
      });
    });
  }
  const shows = (name: string) => ({
    cert: readFileSync(file(`${name}.pem`)),
    key: readFileSync(file(`${name}.key`)),
  });
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  test('with a certificate is the agent of the host that it names, and of no other', async () => {
    certificate('host-e', 'host-e', 'DNS:host-e');
    certificate('two', 'host-e', 'DNS:host-e,DNS:host-f');
    certificate('foreign', 'host-e', 'DNS:host-e', 'other');

    expect(await comesIn(shows('host-e'), {})).toBe('let in');
    expect(await comesIn(shows('host-e'), { host: 'host-f' })).toBe(4401);
    expect(await comesIn(shows('two'), {})).toBe(4401);
    expect(await comesIn(shows('two'), { host: 'host-f' })).toBe('let in');
    expect(await comesIn(shows('foreign'), {})).toBe(4401);
    expect(await comesIn({}, {})).toBe(4401);
  });

  test('that is a browser comes in by no certificate, which any page could use', async () => {
    const origin = `https://localhost:${port}`;
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect(await comesIn({ ...shows('host-e'), origin }, {})).toBe(4401);
    expect(await comesIn({ ...shows('host-e'), headers }, {})).toBe(4401);
  });

  test('with a certificate and a token comes in where both are of one host, and a person by the token', async () => {
    const own = run('token', 'create', '--role', 'agent', '--host', 'host-e');
    const other = run('token', 'create', '--role', 'agent', '--host', 'host-f');
    const admin = run('token', 'create', '--role', 'admin');
    expect(await comesIn(shows('host-e'), bearer(own))).toBe('let in');
    expect(await comesIn(shows('host-e'), bearer(other))).toBe(4401);
    expect(await comesIn(shows('host-e'), bearer(admin))).toBe('let in');
    expect(await comesIn({}, bearer(admin))).toBe('let in');
  });

  test('finds new certificates, key and authority without a restart, and never half of them', async () => {
    const admin = run('token', 'create', '--role', 'admin');
    authority('ca2');
    certificate('server2', 'localhost', 'DNS:localhost', 'ca2');
    await copyFile(file('server2.pem'), file('server.pem'));
    await eventually(
      () => expect(server.log).toMatch(/cannot be used; the last ones are/),
      patient,
    );
    expect(await comesIn({}, bearer(admin))).toBe('let in');

    await copyFile(file('server2.key'), file('server.key'));

    const trusting = { ca: readFileSync(file('ca2.pem')) };
    await eventually(
      async () => expect(await comesIn(trusting, bearer(admin))).toBe('let in'),
      patient,
    );
    await expect(comesIn({}, bearer(admin))).rejects.toThrow(/certificate/);

    await copyFile(file('other.pem'), file('ca.pem'));
    await eventually(
      async () => expect(await comesIn({ ...trusting, ...shows('foreign') }, {})).toBe('let in'),
      patient,
    );
    expect(await comesIn({ ...trusting, ...shows('host-e') }, {})).toBe(4401);
  });
});

describe('no secret', () => {
  const sluice = promisify(execFile);
  /** Everything that the command says, whether it fails or not. */
  async function says(args: readonly string[], settings: Record<string, string>): Promise<string> {
    const env = {
      PATH: process.env.PATH,
      HOME: dir,
      SLUICE_SERVER: `https://localhost:${port}/graphql`,
      SLUICE_CA_FILE: file('ca2.pem'),
      SLUICE_LOG_LEVEL: 'debug',
      ...settings,
    };
    const ran = await sluice(process.execPath, [sluicePath, ...args], { env }).catch(
      (error: { stdout: string; stderr: string }) => error,
    );
    hunt.hear(`sluice ${args.join(' ')}`, ran.stdout + ran.stderr);
    return ran.stdout + ran.stderr;
  }
  async function fails(settings: Record<string, string>, sentence: RegExp): Promise<void> {
    const failing = startProgram('src/main.ts', ['run'], { ...serverSettings(), ...settings });
    programs.push(failing);
    await eventually(() => expect(failing.log).toMatch(sentence), patient);
    await failing.kill();
  }

  test('is in what a program says that works, nor in what one says that fails', async () => {
    const admin = run('token', 'create', '--role', 'admin');
    const forged = hunt.keep(`${admin.slice(0, -8)}forgery0`);
    const good = await tokenFile('admin.token', admin);
    expect(await says(['agent', 'list'], { SLUICE_TOKEN_FILE: good })).toContain('host-a');
    expect(
      await says(['audit', 'list', '--format', 'json'], { SLUICE_TOKEN_FILE: good }),
    ).toContain('agent.enrolled');
    expect(await says(['agent', 'list'], { SLUICE_TOKEN: forged })).toMatch(/token/i);
    expect(await says(['agent', 'list'], { SLUICE_TOKEN: `${forged}\u0007` })).not.toBe('');
    expect(
      await says(['agent', 'list'], {
        SLUICE_TOKEN_FILE: good,
        SLUICE_SERVER: 'http://localhost:1',
      }),
    ).toMatch(/ECONNREFUSED/);

    await Promise.all([
      fails({ SLUICE_DATABASE_URL: withPassword('postgres://me@127.0.0.1:1/x') }, /ECONNREFUSED/),
      fails({ SLUICE_DATABASE_URL: withPassword('mysql://me@127.0.0.1:1/x') }, /postgres/),
      fails({ SLUICE_DOORBELL: withPassword('mqtt://me@127.0.0.1:1') }, /nats/),
      fails({ SLUICE_DOORBELL: withPassword('nats://me@127.0.0.1:1') }, /doorbell lost/),
    ]);
  });

  test('is in a log, an audit row or an argument list', async () => {
    for (const { pid, log } of programs) hunt.hear(`the log of ${pid}`, log);
    const rows = await sql<{ line: string }>(
      'select audit_log::text as line from audit_log union all select agents::text from agents',
    );
    for (const { line } of rows) hunt.hear('audit_log, agents', line);
    for (const name of ['server.key', 'server2.key', 'host-d.key']) {
      hunt.keep((await readFile(file(name), 'utf8')).split('\n')[1] ?? '');
    }
    hunt.keep((await readFile(file('server/token.secret'), 'utf8')).trim());

    expect(hunt.count).toBeGreaterThan(20);
    expect(hunt.found()).toEqual([]);
  });

  test('is in a file that others may read', async () => {
    const files = await hunt.files(dir);
    expect([...files.keys()]).toEqual(
      expect.arrayContaining(['server/token.secret', 'host-a/agent/credential.json']),
    );
    expect([...files].filter(([, mode]) => mode !== 0o600)).toEqual([
      // Left so by the test before.
      ['host-c.token', 0o644],
    ]);
  });
});
