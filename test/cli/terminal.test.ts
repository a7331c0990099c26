import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Api, type Cli, startCli, startOnTerminal } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import type { TestServer } from '../support/server.ts';
import { agentOf } from '../support/services.ts';

let server: TestServer;
let sluice: Cli;
let api: Api;
const portId = randomUUID();
const tenantId = 'a-tenant-with-quite-a-long-name';

beforeAll(async () => {
  ({ server, sluice, api } = await startCli());
  await api.createRule({ portId, tenantId, maxKbps: 1000, description: '漢字'.repeat(30) });
});
afterAll(() => server?.stop());

const esc = '\x1b';

describe('on a terminal', () => {
  test('a table has colours and fits its width; where it is too narrow, some columns go', async () => {
    const list = startOnTerminal(sluice, ['rule', 'list'], { columns: 92 });
    const { code, stdout } = await list.ended;
    expect(code).toBe(0);
    expect(stdout).toContain(`${esc}[2mno host${esc}[22m`);
    for (const line of stripped(stdout).trimEnd().split('\n'))
      expect(line.length).toBeLessThanOrEqual(92);
    expect(stripped(stdout)).toContain(`${portId.slice(0, 8)}…`);
    expect(stripped(stdout)).toContain('a-tenan…');
    const narrow = await startOnTerminal(sluice, ['rule', 'list'], { columns: 78 }).ended;
    expect(stripped(narrow.stdout)).toMatch(/^ID +PORT ID +DIRECT\S+ +LIMIT +STATUS *\n/);
  });

  test('NO_COLOR takes the colours away, and nothing else', async () => {
    const options = { columns: 90, env: { NO_COLOR: '1' } };
    const { stdout } = await startOnTerminal(sluice, ['rule', 'list'], options).ended;
    expect(stdout).not.toContain(esc);
    expect(stdout).toContain(`${portId.slice(0, 8)}…`);
  });

  test('letters of double width are counted as such', async () => {
    const args = ['rule', 'list', '-c', 'id', '-c', 'description', '-c', 'direction'];
    const { stdout } = await startOnTerminal(sluice, args, { columns: 80 }).ended;
    // 80 cells less id, direction and two gaps leave 31: fifteen letters would leave none for the ellipsis.
    expect(stripped(stdout)).toContain(`  ${'漢字'.repeat(7)}漢…  EGRESS`);
  });

  test('an escape in a text does nothing', async () => {
    const other = randomUUID();
    await agentOf(server.services, 'host-x').heartbeat();
    const made = ['port', 'bind', other, 'host-x', '--tenant-id', tenantId, '--name', 'x\u2028y'];
    await sluice(made);
    const { stdout } = await startOnTerminal(sluice, ['port', 'list', '--id', other]).ended;
    expect(stripped(stdout).trimEnd().split('\n')).toHaveLength(2);
  });

  test('a plan is shown and asked about; no leaves everything as it is', async () => {
    const apply = await answering('n', `[{portId: ${portId}, maxKbps: 2000}]`);
    expect(apply.code).toBe(1);
    expect(stripped(apply.stdout)).toContain('maxKbps 1000 → 2000, description');
    expect(apply.stdout).toContain('Nothing was changed.');
    expect(await api.rules({ portId: [portId] })).toMatchObject([{ maxKbps: 1000 }]);
  });

  test('yes applies it', async () => {
    const apply = await answering('y', `[{portId: ${portId}, maxKbps: 2000}]`);
    expect(apply.code).toBe(0);
    expect(apply.stdout).toContain('0 created, 1 updated, 0 deleted, 0 unchanged.');
    expect(await api.rules({ portId: [portId] })).toMatchObject([{ maxKbps: 2000 }]);
  });
});

describe('a wait on a terminal', () => {
  const port = randomUUID();
  let agent: ReturnType<typeof agentOf>;
  beforeAll(async () => {
    agent = agentOf(server.services, 'host-a');
    await agent.heartbeat();
    await agent.plug(port);
  });
  const create = ['rule', 'create', '--port-id', port, '--tenant-id', tenantId];

  test('shows a line for each host, which goes when it ends', async () => {
    const running = startOnTerminal(sluice, [...create, '--max-kbps', '5', '--wait=20']);
    await eventually(() =>
      expect(running.stdout).toContain('host-a  PENDING: its agent has not answered yet'),
    );
    const [{ egress } = {}] = (await agent.qos()).ports;
    await agent.report([
      {
        ...{ portId: port, direction: 'EGRESS', status: 'APPLIED', message: null },
        ...{ ruleId: egress!.ruleId, ruleVersion: egress!.ruleVersion, programmed: null },
      },
    ]);
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    // One line up and all below erased, before what is printed to stay.
    expect(stdout).toMatch(new RegExp(`${esc}\\[1A${esc}\\[J.*${esc}\\[2mID `, 's'));
  });

  test('ends with 130 on Ctrl-C', async () => {
    const running = startOnTerminal(sluice, [
      ...create,
      '--direction',
      'ingress',
      '--max-kbps',
      '5',
      '--wait',
    ]);
    await eventually(() => expect(running.stdout).toContain('host-a  PENDING'));
    running.child.stdin.write('\x03');
    const { code, stdout } = await running.ended;
    expect(code).toBe(130);
    expect(stdout).toMatch(/Interrupted. Rule .* is made.\r\n$/);
  });
});

describe('without a terminal', () => {
  test('there is no escape, no shortening and no question', async () => {
    const { stdout } = await sluice(['rule', 'list'], { env: { FORCE_COLOR: '1' } });
    expect(stdout).not.toContain(esc);
    expect(stdout).toContain(portId);
  });

  test('a reader that has read enough is no fault', async () => {
    const rules = Array.from({ length: 300 }, () => ({ portId: randomUUID(), maxKbps: 1 }));
    await sluice(['rule', 'apply', '-f', '-', '--tenant-id', 'many'], {
      input: JSON.stringify(rules),
    });
    const running = sluice.start(['rule', 'list', '--tenant-id', 'many', '-f', 'json']);
    running.child.stdout.once('data', () => running.child.stdout.destroy());
    expect(await running.ended).toMatchObject({ code: 0, stderr: '' });
  });
});

function stripped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what is stripped are control sequences
  return text.replace(/\x1b\[[0-9;]*[A-Za-z]/g, '').replaceAll('\r', '');
}

/** Applies a file on a terminal, and answers when it is asked. */
async function answering(answer: string, text: string) {
  const folder = await mkdtemp('/tmp/sluice-cli-');
  const file = join(folder, 'rules.yaml');
  await writeFile(file, text);
  try {
    const running = startOnTerminal(sluice, ['rule', 'apply', '-f', file], { columns: 200 });
    await eventually(() => expect(running.stdout).toContain('Apply this? [y/N]'));
    running.child.stdin.write(`${answer}\r`);
    return await running.ended;
  } finally {
    await rm(folder, { recursive: true });
  }
}
