import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Api, type Cli, cliFor, startCli } from '../support/cli.ts';
import type { TestServer } from '../support/server.ts';

let server: TestServer;
let sluice: Cli;
let api: Api;
let folder: string;
/** Each test has a tenant of its own. */
let tenantId: string;

beforeAll(async () => {
  folder = await mkdtemp('/tmp/sluice-cli-');
  ({ server, sluice, api } = await startCli());
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  tenantId = `tenant-${randomUUID()}`;
});

const fileOf = async (text: string): Promise<string> => {
  const path = join(folder, `${randomUUID()}.yaml`);
  await writeFile(path, text);
  return path;
};
const rulesOf = () => api.rules({ tenantId: [tenantId] });
const [a, b, c] = [randomUUID(), randomUUID(), randomUUID()].sort() as [string, string, string];

/** Rules of 1000 and 2000 kbit/s; gives their ports. */
async function twoRules(): Promise<[string, string]> {
  const ports: [string, string] = [randomUUID(), randomUUID()];
  await api.createRule({ portId: ports[0], tenantId, maxKbps: 1000 });
  await api.createRule({ portId: ports[1], tenantId, maxKbps: 2000 });
  return ports;
}

describe('a file of rules', () => {
  test('may be YAML or JSON, a list or "rules:", from a file or standard input', async () => {
    const ports = [randomUUID(), randomUUID(), randomUUID()];
    const yaml = await fileOf(`rules:\n  - portId: ${ports[0]}\n    maxKbps: 1000\n`);
    expect(await sluice(['rule', 'apply', '-f', yaml, '--tenant-id', tenantId])).toEqual({
      ...{ code: 0, stdout: '1 created, 0 updated, 0 deleted, 0 unchanged.\n', stderr: '' },
    });
    const json = [
      { portId: ports[1], tenantId, maxKbps: 2000, direction: 'egress' },
      { portId: ports[2], tenantId, maxKbps: 3000, direction: 'INGRESS' },
    ];
    const applied = await sluice(['rule', 'apply', '-f', '-', '--format', 'json'], {
      input: JSON.stringify(json),
    });
    expect(JSON.parse(applied.stdout)).toMatchObject({
      ...{ created: 2, updated: 0, unchanged: 0, deleted: 0 },
      qosRules: [{ portId: ports[1] }, { portId: ports[2], direction: 'INGRESS' }],
    });
    expect((await rulesOf()).map(({ portId }) => portId)).toEqual(ports);
  });

  test('that "rule list -f yaml" wrote applies again unchanged', async () => {
    const input = JSON.stringify([
      {
        portId: a,
        tenantId,
        networkId: b,
        maxKbps: 1000,
        maxBurstKbps: 900,
        description: 'no: "yes"\n#x',
      },
      { portId: a, tenantId, networkId: b, direction: 'INGRESS', maxKbps: 5, minKbps: 1 },
      { portId: c, tenantId, maxKpps: 2, maxBurstKpps: 1, dscpMark: 0, description: '007' },
    ]);
    await sluice(['rule', 'apply', '-f', '-'], { input });
    const list = ['rule', 'list', '--tenant-id', tenantId];
    for (const format of ['yaml', 'json']) {
      const written = await sluice([...list, '-f', format]);
      const again = await sluice(['rule', 'apply', '-f', '-', '--prune'], {
        input: written.stdout,
      });
      expect(again).toEqual({
        ...{ code: 0, stdout: '0 created, 0 updated, 0 deleted, 3 unchanged.\n', stderr: '' },
      });
      expect((await sluice([...list, '-f', format])).stdout).toBe(written.stdout);
    }
  });

  test('is told its faults all at once, each with its line, and changes nothing', async () => {
    const file = await fileOf(
      [
        ...['rules:', `  - portId: ${a}`, '    maxKbsp: 5', `  - portId: ${b}`],
        ...['    direction: up', '    maxKbps: fast', '  - maxKbps: 5', '  - 7', ''],
      ].join('\n'),
    );
    const { code, stderr } = await sluice(['rule', 'apply', '-f', file]);
    expect(code).toBe(2);
    expect(stderr.split('\n')).toEqual([
      `${file}:3: a rule has no field maxKbsp; did you mean maxKbps?`,
      `${file}:5: direction must be EGRESS or INGRESS, not up.`,
      `${file}:6: maxKbps must be a whole number, not "fast".`,
      `${file}:7: a rule must name its portId.`,
      `${file}:8: a rule must have fields like "portId: …" and "maxKbps: 10000".`,
      '',
    ]);
  });

  test('is told what the server refuses with its line too', async () => {
    const rule = (portId: string, kbps: number) =>
      `- portId: ${portId}\n  tenantId: ${tenantId}\n  maxKbps: ${kbps}\n`;
    const file = await fileOf(rule(a, 5) + rule(b, 0) + rule(c, -1) + rule('port-4', 5));
    const { code, stderr } = await sluice(['rule', 'apply', '-f', file]);
    expect(code).toBe(2);
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(`^${file}:10: portId must be a UUID such as .* not "port-4"`),
      expect.stringMatching(`^${file}:6: maxKbps must be a whole number`),
      expect.stringMatching(`^${file}:9: maxKbps must be a whole number`),
      '',
    ]);
    expect(await rulesOf()).toEqual([]);
  });

  test.each([
    { text: 'rules: [', says: /^standard input:1: Flow sequence [^\n]* end with a \]\.\n$/ },
    { text: 'limits: []', says: 'there must be a list of rules' },
    { text: '', says: 'there must be a list of rules' },
  ])('that is $text is refused with exit code 2', async ({ text, says }) => {
    const { code, stderr } = await sluice(['rule', 'apply', '-f', '-'], { input: text });
    expect(code).toBe(2);
    expect(stderr).toMatch(says);
  });

  test('that is not there is refused with exit code 2', async () => {
    const { code, stderr } = await sluice(['rule', 'apply', '-f', join(folder, 'none.yaml')]);
    expect(code).toBe(2);
    expect(stderr).toContain('The rules cannot be read: ENOENT');
  });
});

describe('--prune', () => {
  test('deletes the other rules of the tenant that all rules of the file name', async () => {
    const [kept, dropped] = await twoRules();
    const other = await api.createRule({ portId: randomUUID(), tenantId: 'else', maxKbps: 5 });
    const input = JSON.stringify([{ portId: kept, tenantId, maxKbps: 1000 }]);
    const plan = await sluice(['rule', 'apply', '-f', '-', '--prune', '--dry-run'], { input });
    expect(plan.stdout).toBe(
      `- delete  port ${dropped}  EGRESS   2 Mbit/s\n0 to create, 0 to update, 1 to delete, 1 unchanged.\n`,
    );
    const applied = await sluice(['rule', 'apply', '-f', '-', '--prune'], { input });
    expect(applied.stdout).toBe('0 created, 0 updated, 1 deleted, 1 unchanged.\n');
    expect((await rulesOf()).map(({ portId }) => portId)).toEqual([kept]);
    expect(await api.rules({ tenantId: ['else'] })).toEqual([other]);
  });

  test('of no rules at all needs --tenant-id, and then deletes all of it', async () => {
    await twoRules();
    const args = ['rule', 'apply', '-f', '-', '--prune'];
    expect(await sluice(args, { input: '[]' })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        '--tenant-id: To prune, an administrator must name the tenant',
      ),
    });
    const applied = await sluice([...args, '--tenant-id', tenantId], { input: '[]' });
    expect(applied.stdout).toBe('0 created, 0 updated, 2 deleted, 0 unchanged.\n');
  });

  test('keeps to the networks that are named', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const rules = [first, second].map((networkId) => ({
      ...{ portId: randomUUID(), tenantId, networkId, maxKbps: 5 },
    }));
    await sluice(['rule', 'apply', '-f', '-'], { input: JSON.stringify(rules) });
    const args = ['rule', 'apply', '-f', '-', '--tenant-id', tenantId, '--network-id', first];
    expect(await sluice(args, { input: '[]' })).toMatchObject({ code: 2 });
    await sluice([...args, '--prune'], { input: '[]' });
    expect(await rulesOf()).toMatchObject([{ networkId: second }]);
  });

  test('by a member keeps to its own tenant without being told', async () => {
    await twoRules();
    const token = await server.token({ role: 'member', tenant: tenantId });
    const member = cliFor(`${server.url}/graphql`, token);
    const applied = await member(['rule', 'apply', '-f', '-', '--prune'], { input: '[]' });
    expect(applied.stdout).toBe('0 created, 0 updated, 2 deleted, 0 unchanged.\n');
  });
});

test('--dry-run prints the plan, old → new, and changes nothing', async () => {
  const ports = await twoRules();
  const created = randomUUID();
  const before = await rulesOf();
  const input = JSON.stringify([
    { portId: ports[0], tenantId, maxKbps: 1500, description: 'more' },
    { portId: created, tenantId, direction: 'INGRESS', maxKbps: 7, maxBurstKbps: 3_000_000 },
  ]);
  const dryRun = ['rule', 'apply', '-f', '-', '--dry-run'];
  const { code, stdout, stderr } = await sluice(dryRun, { input });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.split('\n')).toEqual([
    `~ update  port ${ports[0]}  EGRESS   maxKbps 1000 → 1500, description none → "more"`,
    `+ create  port ${created}  INGRESS  7 kbit/s, burst 3 Gbit`,
    '1 to create, 1 to update, 0 to delete, 0 unchanged.',
    '',
  ]);
  const json = await sluice([...dryRun, '--format', 'json'], { input });
  expect(JSON.parse(json.stdout)).toMatchObject({
    ...{ created: 1, updated: 1, deleted: 0, unchanged: 0 },
    changes: [{ action: 'update' }, { action: 'create' }],
  });
  expect(await rulesOf()).toEqual(before);
});
