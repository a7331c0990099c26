import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bindPort } from '../../src/services/ports.ts';
import { type Api, type Cli, cliFor, startCli } from '../support/cli.ts';
import type { TestServer } from '../support/server.ts';
import { admin } from '../support/services.ts';

let server: TestServer;
let sluice: Cli;
let api: Api;
let asMember: Cli;

beforeAll(async () => {
  ({ server, sluice, api } = await startCli());
  asMember = cliFor(
    `${server.url}/graphql`,
    await server.token({ role: 'member', tenant: 'acme' }),
  );
});
afterAll(() => server?.stop());

test('an administrator sets, shows, lists and deletes quotas', async () => {
  await api.createRule({ portId: randomUUID(), tenantId: 'acme', maxKbps: 1 });
  const set = await sluice.json('quota', 'set', 'acme', '--rules', '2');
  expect(set).toEqual({ tenantId: 'acme', maxRules: 2, usedRules: 1, isDefault: false });
  await sluice.json('quota', 'set', 'big', '--rules', '-1');
  expect((await sluice(['quota', 'list'])).stdout.split('\n')).toEqual([
    expect.stringMatching(/^TENANT ID +MAX RULES +USED RULES$/),
    expect.stringMatching(/^acme +2 +1$/),
    expect.stringMatching(/^big +any number +0$/),
    '',
  ]);
  const first = await sluice(['quota', 'list', '--limit', '1', '-f', 'value', '-c', 'tenantId']);
  const marker = /--marker (\S+)/.exec(first.stderr)?.[1];
  expect(await sluice.json('quota', 'list', '--marker', marker!)).toMatchObject([
    { tenantId: 'big' },
  ]);

  expect(await sluice(['quota', 'delete', 'big', 'nobody'])).toEqual({
    ...{ code: 3, stdout: '' },
    stderr:
      'Rules of tenant big: 1000 (default).\nThere is no quota of tenant nobody.\n1 of 2 failed.\n',
  });
  expect((await sluice(['quota', 'show', 'big'])).stdout).toMatch(
    /^TENANT ID +big\nMAX RULES +1000 \(default\)\nUSED RULES +0\n$/,
  );
});

test("a member sees its tenant's quota, runs into it, and changes none", async () => {
  await sluice.json('quota', 'set', 'acme', '--rules', '1');
  const portId = randomUUID();
  await bindPort(server.services, admin, { portId, host: 'host-a', tenantId: 'acme' });
  expect(await asMember.json('quota', 'show')).toMatchObject({ tenantId: 'acme', maxRules: 1 });
  expect(await asMember(['rule', 'create', '--port-id', portId, '--max-kbps', '5'])).toEqual({
    ...{ code: 1, stdout: '' },
    stderr:
      'Tenant acme has 1 rule and its quota is 1, which leaves no room for another one: delete rules, or ask an administrator for a larger quota.\n',
  });
  expect(await asMember(['quota', 'show', 'globex'])).toMatchObject({
    ...{ code: 3, stderr: 'There is no tenant globex.\n' },
  });
  for (const words of [['list'], ['set', 'acme', '--rules', '9'], ['delete', 'acme']]) {
    expect(await asMember(['quota', ...words])).toMatchObject({ code: 4, stdout: '' });
  }
});

test('what is no quota is refused with its option', async () => {
  for (const [words, stderr] of [
    [['set', 'acme'], "required option '--rules <number>' not specified"],
    [['set', 'acme', '--rules', '-2'], 'It must be a whole number, or -1 for any number.'],
    [['set', 'acme', '--rules', '99999999999'], '--rules: '],
    [['show'], 'Name the tenant: this credential has none.'],
  ] as const) {
    expect(await sluice(['quota', ...words])).toMatchObject({
      ...{ code: 2, stdout: '', stderr: expect.stringContaining(stderr) },
    });
  }
});
