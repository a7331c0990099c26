import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectedAt } from '../../cli/completion/candidates.ts';
import { createProgram } from '../../cli/program.ts';
import { type Api, type Cli, cliFor, sluicePath, startCli, startProcess } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import type { TestServer } from '../support/server.ts';
import { agentOf } from '../support/services.ts';

const run = promisify(execFile);

describe('at the cursor', () => {
  const program = createProgram();
  const wordsAt = (...words: string[]) => {
    const expected = expectedAt(program, words);
    return 'live' in expected ? expected : expected.candidates.map(({ word }) => word);
  };

  test.each([
    { words: [''], has: ['rule', 'agent', 'port', 'host', 'extension', 'completion'] },
    { words: ['rule', ''], has: ['create', 'apply', 'watch'] },
    { words: ['rule', 'create', '--'], has: ['--port-id', '--wait', '--server'] },
    { words: ['rule', 'list', '--direction', ''], has: ['EGRESS', 'INGRESS'] },
    { words: ['rule', 'list', '--direction', '=', ''], has: ['EGRESS', 'INGRESS'] },
    { words: ['rule', 'list', '--status=F'], has: ['--status=FAILED', '--status=APPLIED'] },
    { words: ['--server', 'rule', 'agent', ''], has: ['list', 'show', 'set', 'delete'] },
    { words: ['completion', ''], has: ['bash', 'zsh', 'fish'] },
  ])('of $words stand $has', ({ words, has }) => {
    expect(wordsAt(...words)).toEqual(expect.arrayContaining(has));
  });

  test('stands no hidden command', () => {
    expect(wordsAt('')).not.toContain('__complete');
  });

  test.each([
    { words: ['rule', 'show', ''], live: 'rule-id', prefix: '' },
    { words: ['rule', 'delete', 'x', 'y', ''], live: 'rule-id', prefix: '' },
    { words: ['host', 'show', 'ho'], live: 'host', prefix: '' },
    { words: ['port', 'bind', 'x', ''], live: 'host', prefix: '' },
    { words: ['agent', 'set', '--enable', ''], live: 'agent', prefix: '' },
    { words: ['quota', 'set', ''], live: 'tenant', prefix: '' },
    { words: ['rule', 'list', '--host=h'], live: 'host', prefix: '--host=' },
    { words: ['rule', 'create', '--port-id', ''], live: 'port-id', prefix: '' },
  ])('of $words stands what the server knows as $live', ({ words, live, prefix }) => {
    expect(wordsAt(...words)).toEqual({ live, prefix });
  });
});

describe('in a shell', () => {
  let server: TestServer;
  let sluice: Cli;
  let api: Api;
  let bin: string;
  let ruleId: string;
  const portId = randomUUID();

  beforeAll(async () => {
    ({ server, sluice, api } = await startCli());
    bin = await mkdtemp('/tmp/sluice-cli-');
    await symlink(sluicePath, join(bin, 'sluice'));
    await agentOf(server.services, 'host-a').heartbeat();
    ({ id: ruleId } = await api.createRule({ portId, tenantId: 'blue', maxKbps: 5 }));
  });
  afterAll(async () => {
    await server?.stop();
    await rm(bin, { recursive: true });
  });

  const shellEnv = () => {
    const node = join(process.execPath, '..');
    return { ...sluice.env, HOME: bin, PATH: `${bin}:${node}:${process.env.PATH}` };
  };

  /** An interactive shell on a terminal. */
  const startShell = (shell: string, args: readonly string[]) => {
    const command = `stty cols 200; exec ${[shell, ...args].join(' ')}`;
    const env = { ...shellEnv(), TERM: 'dumb', SHELL: '/bin/bash' };
    return startProcess('script', ['-qefc', command, '/dev/null'], env, undefined, false);
  };

  /** What bash would offer for the line, by its own completion function. */
  async function bashOffers(line: string): Promise<string[]> {
    const words = line.split(' ');
    const script = `source <(sluice completion bash)
      COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
      _sluice; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await run('bash', ['-c', script], { env: shellEnv() });
    return stdout.trimEnd().split('\n');
  }

  test('bash completes commands, hosts, ids and tenants', async () => {
    expect(await bashOffers('sluice rule a')).toEqual(['apply']);
    expect(await bashOffers('sluice host show ')).toEqual(['host-a']);
    expect(await bashOffers('sluice rule show ')).toEqual([ruleId]);
    expect(await bashOffers('sluice rule list --port-id ')).toEqual([portId]);
    expect(await bashOffers('sluice rule list --tenant-id b')).toEqual(['blue']);
  });

  test.each([
    {
      shell: 'bash',
      args: ['--norc', '--noprofile', '-i'],
      setup: 'source <(sluice completion bash)',
    },
    {
      ...{ shell: 'zsh', args: ['-f', '-i'] },
      setup: 'autoload -Uz compinit; compinit -u -D; source <(sluice completion zsh)',
    },
  ])('$shell completes at its own prompt, when Tab is pressed', async ({ shell, args, setup }) => {
    const running = startShell(shell, args);
    try {
      running.child.stdin.write(`${setup}; echo rea''dy\r`);
      await eventually(() => expect(running.stdout).toContain('ready'), { timeoutMs: 20_000 });
      running.child.stdin.write('sluice host sh\t');
      await eventually(() => expect(running.stdout).toContain('sluice host show'));
      running.child.stdin.write('ho\t');
      const shown = () => stripVTControlCharacters(running.stdout);
      await eventually(() => expect(shown()).toMatch(/show\W*host-a/), { timeoutMs: 20_000 });
    } finally {
      running.child.kill('SIGKILL');
    }
  });

  test('fish completes ids, hosts and options, each with what it is', async () => {
    const offers = async (line: string) => {
      const script = `sluice completion fish | source; complete -C '${line}'`;
      return (await run('fish', ['--no-config', '-c', script], { env: shellEnv() })).stdout;
    };
    expect(await offers('sluice host show ')).toContain('host-a\talive\n');
    expect(await offers('sluice rule show ')).toContain(`${ruleId}\tEGRESS of port ${portId}`);
    expect(await offers('sluice rule create --max-k')).toContain('--max-kbps\t');
  });

  test('contexts are completed from where they are kept', async () => {
    const env = { XDG_CONFIG_HOME: join(bin, 'config') };
    await sluice(['context', 'set', 'lab', '--server', `${server.url}/graphql`], { env });
    for (const words of [
      ['context', 'use', ''],
      ['rule', 'list', '--context', ''],
    ]) {
      const { stdout } = await sluice(['__complete', '--', ...words], { env });
      expect(stdout).toBe('lab\t\n');
    }
  });

  test('each candidate comes with what it is', async () => {
    const { stdout } = await sluice(['__complete', '--', 'rule', 'show', '']);
    expect(stdout).toBe(`${ruleId}\tEGRESS of port ${portId}, tenant blue\n`);
  });

  test('a server that is away is no fault, and says nothing', async () => {
    const nowhere = cliFor('http://127.0.0.1:9/graphql', 'x');
    expect(await nowhere(['__complete', '--', 'rule', 'show', ''])).toEqual({
      ...{ code: 0, stdout: '', stderr: '' },
    });
  });

  test.each(['bash', 'zsh', 'fish'])('%s has a script of its own', async (shell) => {
    const { code, stdout } = await sluice(['completion', shell]);
    expect(code).toBe(0);
    expect(stdout).toContain('sluice __complete --');
  });
});
