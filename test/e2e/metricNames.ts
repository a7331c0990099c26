import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { documentedIn, type Metric, readBy } from '../support/metricText.ts';

const root = new URL('../..', import.meta.url).pathname;
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** Claims in an identity provider's tokens. */
const claims = ['sluice_role', 'sluice_tenant'];

/** Of a histogram's series. */
const suffix = /_(bucket|count|sum)$/;

interface Panel {
  readonly targets?: readonly { readonly expr: string }[];
}

/** What docs/metrics.md says of our own metrics. */
export const documented = (): Map<string, Metric> => documentedIn(read('docs/metrics.md'));

/** Every expression that we ship: the alerts', the dashboard's. */
export function expressions(): string[] {
  const { groups } = parse(read('packaging/prometheus/sluice.rules.yml'));
  const { panels } = JSON.parse(read('packaging/grafana/sluice.json'));
  return [
    ...groups.flatMap(({ rules }: { rules: { expr: string }[] }) => rules.map(({ expr }) => expr)),
    ...(panels as Panel[]).flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ];
}

/** Every name of ours that a page mentions, with the page. */
export function mentioned(): { readonly page: string; readonly name: string }[] {
  const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    // Decisions name functions of the database.
    .filter((path) => path.endsWith('.md') && !path.startsWith('decisions/'))
    .map((path) => `docs/${path}`);
  return ['README.md', ...pages].flatMap((page) =>
    [...read(page).matchAll(/\bsluice_\w+[a-z]\b/g)]
      .map(([name]) => ({ page, name: name.replace(suffix, '') }))
      .filter(({ name }) => !claims.includes(name)),
  );
}

/** What an expression asks that no exported series has; Prometheus itself adds `instance` and `job`. */
export function faultsOf(expression: string, exported: ReadonlyMap<string, Metric>): string[] {
  return readBy(expression).flatMap(({ name, labels }) => {
    const base = name.replace(suffix, '');
    const metric = exported.get(name) ?? exported.get(base);
    if (!metric) return [`${name} in ${expression}`];
    const known = [
      ...(metric.labels ?? documented().get(base)?.labels ?? []),
      'instance',
      'job',
      'le',
    ];
    return labels.filter((label) => !known.includes(label)).map((label) => `${label} of ${name}`);
  });
}
