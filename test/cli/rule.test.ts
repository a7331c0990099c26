import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { CreateQosRuleInput, QosRuleFieldsFragment } from '../../schema/generated/graphql.ts';
import { type Api, type Cli, cliFor, startCli } from '../support/cli.ts';
import type { TestServer } from '../support/server.ts';

let server: TestServer;
let sluice: Cli;
let api: Api;

beforeAll(async () => {
  ({ server, sluice, api } = await startCli());
});
afterAll(() => server?.stop());

const create = (more: Partial<CreateQosRuleInput> = {}) =>
  api.createRule({ portId: randomUUID(), tenantId: 't', maxKbps: 1000, ...more });

describe('rule create', () => {
  test('makes a rule of every option, and prints it', async () => {
    const portId = randomUUID();
    const networkId = randomUUID();
    const numbers = {
      ...{ maxKbps: 10_000, maxBurstKbps: 8_000, maxKpps: 5, maxBurstKpps: 6 },
      ...{ minKbps: 700, dscpMark: 26 },
    };
    const rule = await sluice.json(
      ...['rule', 'create', '--tenant-id', 't'],
      ...['--port-id', portId, '--network-id', networkId, '--direction', 'egress'],
      ...['--max-kbps', '10000', '--max-burst-kbps', '8000', '--max-kpps', '5'],
      ...['--max-burst-kpps', '6', '--min-kbps', '700', '--dscp-mark', '26'],
      ...['--description', 'for the backup'],
    );
    expect(rule).toMatchObject({
      ...{ tenantId: 't', portId, networkId, direction: 'EGRESS', ...numbers },
      ...{ description: 'for the backup', version: 1, status: null, hosts: [], bindings: [] },
    });
    const { id } = rule as QosRuleFieldsFragment;
    expect(await sluice.json('rule', 'show', id)).toEqual(rule);
  });

  test('names every fault by its option, and exits with 2', async () => {
    const args = ['--port-id', randomUUID(), '--tenant-id', 't', '--max-kbps', '0'];
    const { code, stdout, stderr } = await sluice([
      ...['rule', 'create', ...args, '--dscp-mark', '3'],
    ]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.split('\n')).toEqual([
      '--max-kbps: maxKbps must be a whole number from 1 to 2147483647 (kbit/s), not 0.',
      expect.stringMatching(/^--dscp-mark: dscpMark must be one of 0, 8, 10/),
      '',
    ]);
  });

  test('on a direction that has a rule exits with 5 and says so', async () => {
    const { portId } = await create();
    const { code, stderr } = await sluice([
      'rule',
      'create',
      '--port-id',
      portId,
      '--max-kbps',
      '5',
    ]);
    expect(code).toBe(5);
    expect(stderr).toContain('already has a rule for EGRESS');
  });

  test.each([
    { args: ['--max-kbps', 'ten'], says: 'It must be a whole number.' },
    { args: ['--max-kbps', '-5'], says: 'It must be a whole number.' },
    { args: ['--max-kbps', '1.5'], says: 'It must be a whole number.' },
    { args: ['--direction', 'up'], says: 'It must be EGRESS or INGRESS.' },
    { args: ['--max-kbsp', '5'], says: 'Did you mean --max-kbps?' },
    { args: ['--wait=soon'], says: 'It must be a whole number.' },
    { args: ['-f', 'xml'], says: 'Allowed choices are table, json, yaml, csv, value.' },
    { args: ['--max-kbps', '5', '--column', 'maxKbsp'], says: 'did you mean maxKbps?' },
  ])('refuses $args before anything is sent, with exit code 2', async ({ args, says }) => {
    const portId = randomUUID();
    const { code, stdout, stderr } = await sluice([
      ...['rule', 'create', '--port-id', portId, '--tenant-id', 't', ...args],
    ]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
    expect(await api.rules({ portId: [portId] })).toEqual([]);
  });
});

describe('rule update', () => {
  test('changes what is named, clears what is none, and leaves the rest', async () => {
    const { id } = await create({ maxBurstKbps: 900, description: 'old' });
    const updated = await sluice.json(
      ...['rule', 'update', id, '--max-kbps', '2000', '--max-burst-kbps', 'none'],
    );
    expect(updated).toMatchObject({
      ...{ maxKbps: 2000, maxBurstKbps: null, description: 'old', version: 2 },
    });
    expect(await sluice.json('rule', 'update', id, '--description', 'none')).toMatchObject({
      description: null,
    });
  });

  test('refuses a lost update with exit code 5', async () => {
    const { id } = await create();
    await sluice.json('rule', 'update', id, '--max-kbps', '2000', '--expected-version', '1');
    const { code, stderr } = await sluice([
      ...['rule', 'update', id, '--max-kbps', '3000', '--expected-version', '1'],
    ]);
    expect(code).toBe(5);
    expect(stderr).toContain('--expected-version: ');
    expect(stderr).toContain('is at version 2, not 1: read it again');
  });

  test('of nothing exits with 2', async () => {
    const { code, stderr } = await sluice(['rule', 'update', randomUUID()]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'Name a field to change, like --max-kbps 5000.\n',
    });
  });
});

describe('rule show and delete', () => {
  test('of a rule that is not there exit with 3', async () => {
    const id = randomUUID();
    const shown = await sluice(['rule', 'show', id]);
    expect(shown).toEqual({
      code: 3,
      stdout: '',
      stderr: `There is no rule ${id}. "sluice rule list" shows those there are.\n`,
    });
    expect(await sluice(['rule', 'delete', id])).toMatchObject({ code: 3, stdout: '' });
  });

  test('deletes several; one that fails does not keep the others', async () => {
    const [first, second] = [await create(), await create()];
    const missing = randomUUID();
    const { code, stdout, stderr } = await sluice(['rule', 'delete', first.id, missing, second.id]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr.split('\n')).toEqual([
      `Rule ${first.id} is deleted.`,
      expect.stringContaining(`There is no rule ${missing}.`),
      `Rule ${second.id} is deleted.`,
      '1 of 3 failed.',
      '',
    ]);
    expect(await api.rules({ id: [first.id, second.id] })).toEqual([]);
  });

  test('with another version than expected deletes nothing', async () => {
    const { id } = await create();
    expect(await sluice(['rule', 'delete', id, '--expected-version', '2'])).toMatchObject({
      code: 5,
    });
    expect(await api.rules({ id: [id] })).toHaveLength(1);
  });
});

describe('rule list', () => {
  const networkId = randomUUID();
  let rules: QosRuleFieldsFragment[];
  beforeAll(async () => {
    rules = [];
    for (const kbps of [300, 100, 200]) {
      rules.push(await create({ networkId, maxKbps: kbps, description: `"${kbps}", at most` }));
    }
  });
  const list = (...args: string[]) => sluice(['rule', 'list', '--network-id', networkId, ...args]);
  const kbpsOf = (listed: unknown) =>
    (listed as QosRuleFieldsFragment[]).map(({ maxKbps }) => maxKbps);

  test('prints a table with the status of each', async () => {
    const { stdout, stderr } = await list();
    const [heading, first] = stdout.split('\n');
    expect(heading).toMatch(/^ID +TENANT ID +PORT ID +DIRECTION +LIMIT +STATUS +AGE$/);
    expect(first).toMatch(
      new RegExp(
        `^${rules[0]?.id}  t          ${rules[0]?.portId}  EGRESS     300 kbit/s  no host +\\d+ s$`,
      ),
    );
    expect(stderr).toBe('');
  });

  test('prints JSON and YAML with the same keys', async () => {
    const json = JSON.parse((await list('-f', 'json')).stdout);
    expect(Object.keys(json[0])).toEqual([
      ...['id', 'tenantId', 'networkId', 'portId', 'direction', 'maxKbps', 'maxBurstKbps'],
      ...['maxKpps', 'maxBurstKpps', 'minKbps', 'dscpMark', 'description', 'version'],
      ...['createdAt', 'updatedAt', 'status', 'hosts', 'bindings'],
    ]);
    expect(parse((await list('-f', 'yaml')).stdout)).toEqual(json);
  });

  test('prints CSV with a heading and quotes where they are needed', async () => {
    const { stdout } = await list('-f', 'csv', '-c', 'maxKbps', '-c', 'description');
    expect(stdout).toBe(
      'maxKbps,description\n300,"""300"", at most"\n100,"""100"", at most"\n200,"""200"", at most"\n',
    );
  });

  test('prints bare values for a script', async () => {
    const ids = await list('-f', 'value', '-c', 'id');
    expect(ids.stdout).toBe(rules.map(({ id }) => `${id}\n`).join(''));
    const pairs = await list('-f', 'value', '-c', 'max_kbps', '-c', 'dscp-mark');
    expect(pairs.stdout).toBe('300 -\n100 -\n200 -\n');
  });

  test('sorts by keys', async () => {
    const ascending = await list('-f', 'json', '--sort-key', 'max-kbps');
    expect(kbpsOf(JSON.parse(ascending.stdout))).toEqual([100, 200, 300]);
    const descending = await list(
      '-f',
      'json',
      '--sort-key',
      'tenant_id',
      '--sort-key',
      'maxKbps:desc',
    );
    expect(kbpsOf(JSON.parse(descending.stdout))).toEqual([300, 200, 100]);
    expect(await list('--sort-key', 'maxkps')).toMatchObject({
      code: 2,
      stderr: '--sort-key maxkps: rules cannot be sorted by that; did you mean max-kbps?\n',
    });
    expect(await list('--sort-key', 'max-kbps:up')).toMatchObject({ code: 2 });
  });

  test('goes on after a marker, which is the last id or the cursor that it printed', async () => {
    const first = await list('-f', 'value', '-c', 'id', '--limit', '2');
    expect(first.stdout).toBe(`${rules[0]?.id}\n${rules[1]?.id}\n`);
    const cursor = /--marker (?<cursor>\S+)\n$/.exec(first.stderr)?.groups?.cursor ?? '';
    for (const marker of [cursor, rules[1]?.id ?? '']) {
      const rest = await list('-f', 'value', '-c', 'id', '--marker', marker);
      expect(rest).toEqual({ code: 0, stdout: `${rules[2]?.id}\n`, stderr: '' });
    }
    expect(await list('--marker', randomUUID())).toMatchObject({ code: 3 });
    expect(await list('--marker', 'nonsense')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--marker: after must be a cursor'),
    });
  });

  test('filters by every field', async () => {
    const [rule] = rules;
    const at = { portId: rule?.portId ?? '', id: rule?.id ?? '' };
    const found = async (...args: string[]) =>
      (JSON.parse((await list('-f', 'json', ...args)).stdout) as QosRuleFieldsFragment[]).length;
    expect(await found('--id', at.id)).toBe(1);
    expect(await found('--id', at.id, '--id', rules[1]?.id ?? '')).toBe(2);
    expect(await found('--port-id', at.portId)).toBe(1);
    expect(await found('--tenant-id', 't', '--tenant-id', 'u')).toBe(3);
    expect(await found('--tenant-id', 'u')).toBe(0);
    expect(await found('--direction', 'ingress')).toBe(0);
    expect(await found('--host', 'host-x')).toBe(0);
    await sluice(['port', 'bind', at.portId, 'host-x']);
    expect(await found('--host', 'host-x')).toBe(1);
    expect(await found('--status', 'no-agent', '--status', 'FAILED')).toBe(1);
  });

  test('reads all pages of a long list', async () => {
    const long = Array.from({ length: 501 }, () => ({ portId: randomUUID(), maxKbps: 1 }));
    const applied = await sluice(['rule', 'apply', '-f', '-', '--tenant-id', 'long'], {
      input: JSON.stringify(long),
    });
    expect(applied.stdout).toBe('501 created, 0 updated, 0 deleted, 0 unchanged.\n');
    const { stdout } = await sluice([
      'rule',
      'list',
      '--tenant-id',
      'long',
      '-f',
      'value',
      '-c',
      'id',
    ]);
    expect(new Set(stdout.trimEnd().split('\n')).size).toBe(501);
  });
});

describe('a token', () => {
  test('of a member sees its tenant, and what it may not do exits with 4', async () => {
    const { id } = await create();
    const token = await server.token({ role: 'member', tenant: 'other' });
    const member = cliFor(`${server.url}/graphql`, token);
    expect(await member(['rule', 'show', id])).toMatchObject({ code: 3 });
    const bound = await member(['port', 'bind', randomUUID(), 'host-a']);
    expect(bound).toMatchObject({ code: 4, stdout: '' });
    expect(bound.stderr).toContain('Use a token whose role allows it.');
  });

  test('that does not hold exits with 4 and says what to set', async () => {
    const { code, stderr } = await cliFor(`${server.url}/graphql`, 'wrong')(['rule', 'list']);
    expect(code).toBe(4);
    expect(stderr).toContain('Set SLUICE_TOKEN or --token-file');
  });
});
