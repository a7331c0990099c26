import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import { startProgram } from '../support/program.ts';

const script = 'src/main.ts';
// Cores may be busy with other tests.
const startTimeout = { timeoutMs: 20_000 };
let folder: string;
let database: TestDatabase;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-server-'));
  database = await createDatabase();
});
afterEach(async () => {
  await database.dispose();
  await rm(folder, { recursive: true });
});

const settings = (more: Record<string, string> = {}) => ({
  PATH: process.env.PATH ?? '',
  SLUICE_DATA: folder,
  SLUICE_DATABASE_URL: database.url,
  SLUICE_LISTEN: '127.0.0.1:0',
  SLUICE_LOG_FORMAT: 'json',
  ...more,
});

function command(args: readonly string[], more?: Record<string, string>) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    env: settings(more),
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** Where a started server says that it listens. */
async function portOf(program: { readonly log: string }): Promise<number> {
  return eventually(() => {
    const port = /"port":(\d+),"msg":"Serving GraphQL/.exec(program.log)?.[1];
    if (port === undefined) throw new Error(`The server does not listen: ${program.log}`);
    return Number(port);
  }, startTimeout);
}

describe('sluice-server', () => {
  test('serves with a token that it made, and ends with 0 when told to', async () => {
    const server = startProgram(script, ['run'], settings());
    await using _ended = server;
    const port = await portOf(server);
    const made = command(['token', 'create', '--role', 'member', '--tenant', 'acme']);
    expect(made).toMatchObject({ status: 0, stderr: /To revoke it/.exec(made.stderr)?.input });
    expect((await stat(join(folder, 'token.secret'))).mode & 0o777).toBe(0o600);
    const ask = async () => {
      const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${made.stdout.trim()}`,
        },
        body: '{"query":"{ qosRules { totalCount } }"}',
      });
      return { status: response.status, body: await response.json() };
    };
    await expect.poll(ask).toEqual({
      status: 200,
      body: { data: { qosRules: { totalCount: 0 } } },
    });
    const id = /token revoke (\S+)/.exec(made.stderr)?.[1] ?? '';
    expect(command(['token', 'revoke', 'it']).status).toBe(2);
    expect(command(['token', 'revoke', id]).stdout).toBe(`Revoked ${id}.\n`);
    await expect.poll(async () => (await ask()).status, { timeout: 8_000 }).toBe(401);
    expect(await server.stop()).toBe(0);
  });

  test('says in a sentence that its port is taken, and ends with 1', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const { status, stderr } = command(['run'], { SLUICE_LISTEN: `127.0.0.1:${port}` });
    other.close();
    expect(status).toBe(1);
    expect(stderr).toContain(
      `The server cannot listen on 127.0.0.1:${port}: another program has that port; choose one with --listen.`,
    );
  });

  test('names every fault of its settings and of a token at once, and ends with 2', () => {
    const { status, stderr } = command(['check-config'], {
      SLUICE_LISTEN: 'here',
      SLUICE_AGENT_DOWN_MS: '1000',
      SLUICE_TLS_CERT: '/cert.pem',
      SLUICE_ORIGINS: 'console.example.org',
      SLUICE_DOORBELL: 'nats://one,redis://two',
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/SLUICE_LISTEN is "here": it must be an address and a port/);
    expect(stderr).toMatch(/SLUICE_ORIGINS .*: it must be an origin like https:/);
    // It may hold a password, so the value is not repeated.
    expect(stderr).toMatch(
      /^SLUICE_DOORBELL is not right: it must be postgres, or a list of URLs like nats:\/\/….$/m,
    );
    expect(stderr).toMatch(/TLS needs both --tls-cert and --tls-key/);
    expect(stderr).toMatch(/--agent-down-ms 1000 must be above --heartbeat-ms 30000/);
    expect(command(['token', 'create', '--role', 'agent'])).toMatchObject({
      status: 2,
      stderr: "An agent's token needs --host: it reaches that host only.\n",
    });
    expect(command(['token', 'create', '--role', 'root']).status).toBe(2);
    expect(command(['token', 'create', '--role', 'admin', '--expires', 'soon']).status).toBe(2);
  });

  test('refuses to let tokens be read on the way, unless told to', () => {
    const beyond = { SLUICE_LISTEN: '0.0.0.0:4000' };
    expect(command(['check-config'], beyond)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(
        /^Serving on 0\.0\.0\.0, beyond this machine, needs --tls-cert/,
      ),
    });
    const told = command(['check-config'], { ...beyond, SLUICE_INSECURE: 'true' });
    expect(told.status).toBe(0);
    expect(told.stdout).toContain('databaseUrl: (hidden)');
  });

  test('takes migrations back and runs them again, and does not start on an old database', () => {
    expect(command(['migrate', 'pending']).stdout).toBe('Pending: nothing.\n');
    const back = command(['migrate', 'down']).stdout;
    expect(back).toMatch(/^Took back Migration\d+\w+\.$/m);
    const { status, stderr } = command(['run'], { SLUICE_MIGRATE: 'false' });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /The database lacks the migrations Migration\d+\w+: run "sluice-server migrate up"/,
    );
    expect(command(['migrate', 'up']).stdout).toBe(back.replace('Took back', 'Ran'));
    expect(command(['db', 'new-epoch']).stdout).toBe('The feeds of 0 hosts have new epochs.\n');
  });

  test('serves by TLS with the certificate given', async () => {
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    const made = spawnSync('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '1'],
      ...['-keyout', key, '-out', cert],
    ]);
    expect(made.status).toBe(0);
    const tls = { SLUICE_TLS_CERT: cert, SLUICE_TLS_KEY: key };
    const server = startProgram(script, ['run'], settings(tls));
    await using _ended = server;
    const port = await portOf(server);
    const asked = spawnSync(
      'openssl',
      ['s_client', '-connect', `127.0.0.1:${port}`, '-CAfile', cert, '-verify_return_error'],
      {
        input: 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
        encoding: 'utf8',
      },
    );
    expect(asked.stdout).toContain('Verify return code: 0 (ok)');
  });

  test('says that few files leave few agents a socket', () => {
    const { status, stderr } = spawnSync('prlimit', ['--nofile=1000', process.execPath, script], {
      env: settings({ SLUICE_TLS_CERT: '/nowhere', SLUICE_TLS_KEY: '/nowhere' }),
      encoding: 'utf8',
    });
    expect(stderr).toContain('This process may have 1000 files open');
    // It goes on, here as far as to its certificate.
    expect(stderr).toContain('A TLS file cannot be read');
    expect(status).toBe(1);
  });

  test('waits for a database that is not there yet', async () => {
    const server = startProgram(
      script,
      ['run'],
      settings({ SLUICE_DATABASE_URL: 'postgres://postgres@127.0.0.1:1/none' }),
    );
    await using _ended = server;
    await eventually(
      () => expect(server.log).toMatch(/The database cannot be reached yet; trying again/),
      startTimeout,
    );
    expect(await server.stop()).toBe(0);
  });
});

test('a configuration file with a key that no setting has is refused', async () => {
  const file = join(folder, 'server.yaml');
  await writeFile(file, 'listenn: 127.0.0.1:4000\n');
  const { status, stderr } = command(['check-config', '--config', file]);
  expect(status).toBe(2);
  expect(stderr).toContain('did you mean "listen"?');
});
