import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { startOnTerminal } from '../../support/cli.ts';
import { eventually } from '../../support/eventually.ts';
import { contextEnv, formats, host, interrupt, type Stage, tenantId } from './stage.ts';

/** What only reads, in every format and width. */
export function listsInEveryFormat(stage: () => Stage): void {
  const portId = () => stage().guests[0].portId;
  const ruleId = async () => {
    const args = ['rule', 'list', '--port-id', portId(), '-f', 'value', '-c', 'id'];
    return (await stage().sluice(args)).stdout.trim();
  };
  const lists = [
    ...['rule list', 'agent list', 'port list', 'audit list', 'quota list', 'credential list'],
    'context list',
  ];
  const pages = [
    ...['rule show', 'agent show', 'port show', 'host show', 'quota show', 'extension show'],
  ];

  /** The command with what it must be told. */
  async function wordsOf(command: string): Promise<string[]> {
    const subjects: Readonly<Record<string, () => Promise<string> | string>> = {
      ...{ 'rule show': ruleId, 'port show': portId, 'host show': () => host },
      ...{ 'agent show': () => host, 'quota show': () => tenantId, 'context show': () => 'lab' },
    };
    const subject = await subjects[command]?.();
    return [...command.split(' '), ...(subject === undefined ? [] : [subject])];
  }

  test('contexts are set, chosen, shown and forgotten', async () => {
    const { sluice, serverUrl, folder, system } = stage();
    const tokenFile = join(folder, 'admin.token');
    await writeFile(tokenFile, await system.adminToken(), { mode: 0o600 });
    const env = contextEnv(stage());
    const context = (...words: string[]) => sluice(['context', ...words], { env });
    const to = ['--server', serverUrl, '--token-file', tokenFile];
    expect(await context('set', 'lab', ...to)).toMatchObject({ code: 0 });
    expect(await context('set', 'gone', ...to)).toMatchObject({ code: 0 });
    expect(await context('use', 'gone')).toMatchObject({ code: 0 });
    expect(await context('use', '--none')).toMatchObject({ code: 0 });
    expect(await context('delete', 'gone')).toMatchObject({ code: 0 });
    for (const format of formats) {
      const shown = await context('show', 'lab', '-f', format, '-c', 'server');
      expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining(serverUrl) });
    }
  });

  test('quotas are set in every format, and deleted', async () => {
    const { sluice } = stage();
    for (const [index, format] of formats.entries()) {
      const set = ['quota', 'set', tenantId, '--rules', `${900 + index}`, '-f', format];
      const { code, stdout } = await sluice([...set, '-c', 'maxRules']);
      expect(code).toBe(0);
      expect(stdout).toContain(`${900 + index}`);
    }
    for (const tenant of ['gone', 'large']) await sluice(['quota', 'set', tenant, '--rules', '-1']);
    expect(await sluice(['quota', 'delete', 'gone'])).toMatchObject({ code: 0, stdout: '' });
  });

  test.each([...lists, ...pages])('%s says the same in every format', async (command) => {
    const { sluice } = stage();
    const words = await wordsOf(command);
    const print = async (format: string) => {
      const { code, stdout, stderr } = await sluice([...words, '-f', format], {
        env: contextEnv(stage()),
      });
      expect({ format, code, stderr }).toEqual({
        ...{ format, code: 0 },
        stderr: expect.stringMatching(/^(That is not all: go on with --marker \S+\n)?$/),
      });
      return stdout;
    };
    const [table = '', json = '', yaml = '', csv = '', value = ''] = await Promise.all(
      formats.map(print),
    );
    expect(parse(yaml)).toEqual(JSON.parse(json));
    const things: Record<string, unknown>[] = [JSON.parse(json)].flat();
    expect(things.length).toBeGreaterThan(0);
    const [heading = '', ...rows] = csv.trimEnd().split('\n');
    const keys = heading.split(',');
    expect(Object.keys(things[0] ?? {})).toEqual(expect.arrayContaining(keys));
    expect(rows).toHaveLength(things.length);
    // One thing has a line for each of its values.
    const isList = lists.includes(command);
    const lines = isList ? things.length : keys.length;
    expect(value.trimEnd().split('\n')).toHaveLength(lines);
    if (isList) {
      expect(table.trimEnd().split('\n')).toHaveLength(things.length + 1);
    }
    for (const key of keys.slice(0, 3)) {
      const column = await sluice([...words, '--format', 'value', '--column', key], {
        env: contextEnv(stage()),
      });
      const values = things.map((thing) => textOf(thing[key]));
      expect(column.stdout.trimEnd().split('\n')).toEqual(values);
    }
  });

  test.each(lists)('%s fits a terminal of 80 columns and one of 200', async (command) => {
    for (const columns of [80, 200]) {
      const options = { columns, env: contextEnv(stage()) };
      const { stdout } = await startOnTerminal(stage().sluice, command.split(' '), options).ended;
      const lines = stripVTControlCharacters(stdout).split(/\r?\n/);
      const wide = lines.filter((line) => line.length > columns && !line.startsWith('That is not'));
      expect({ columns, wide }).toEqual({ columns, wide: [] });
    }
  });

  test.each(['rule watch', 'agent list --watch'])('%s begins in every format', async (command) => {
    const { sluice } = stage();
    await Promise.all(
      formats.map(async (format) => {
        const running = sluice.start([...command.split(' '), '-f', format]);
        const begun = {
          table: /^\S+ +LISTED/m,
          json: /"LISTED"/,
          yaml: /^type: LISTED$|- type: LISTED/m,
        };
        const pattern = format in begun ? begun[format as keyof typeof begun] : /^LISTED/m;
        await eventually(() => expect(running.stdout).toMatch(pattern), { timeoutMs: 10_000 });
        expect(await interrupt(running)).toMatchObject({ code: 130 });
      }),
    );
  });
}

/** As a format without nesting has it. */
function textOf(value: unknown): string {
  if (value === null) return '-';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
