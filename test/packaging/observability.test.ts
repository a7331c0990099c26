import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly runbook: string };
}

const root = new URL('../..', import.meta.url).pathname;
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const alerts = (): readonly Alert[] =>
  parse(read('packaging/prometheus/sluice.rules.yml')).groups[0].rules;

test('every alert has its page, every page its alert, and the index names them all', () => {
  const pages = alerts().map(({ annotations }) => annotations.runbook);
  expect(pages.filter((page) => !existsSync(join(root, page)))).toEqual([]);
  const files = readdirSync(join(root, 'docs/runbooks')).filter((name) => name !== 'README.md');
  expect(files.map((name) => `docs/runbooks/${name}`).sort()).toEqual(pages.sort());
  const index = read('docs/runbooks/README.md');
  for (const { alert, expr, annotations } of alerts()) {
    expect(index).toContain(`[${alert}](${annotations.runbook.split('/').at(-1)})`);
    expect(read(annotations.runbook)).toContain(`# ${alert}\n`);
    expect(read(annotations.runbook)).toContain(`\`${expr}\``);
  }
});
