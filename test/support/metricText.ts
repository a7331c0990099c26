/** A metric as a program exports it, or as a page says that it does. */
export interface Metric {
  readonly type: string;
  /** Without a histogram's `le`; null: it has no series yet. */
  readonly labels: readonly string[] | null;
}

/** Prometheus' text format, as its exposition formats' page has it. */
export function metricsOf(text: string): Map<string, Metric> {
  const labels = new Map<string, readonly string[]>();
  for (const [, name = '', inner = ''] of text.matchAll(/^([a-z_]+)(?:\{(.*)\})? \S+$/gm)) {
    labels.set(name, namesIn(inner));
  }
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  return new Map(
    types.map(([, name = '', type = '']) => {
      const sampled = type === 'histogram' ? `${name}_count` : name;
      return [name, { type, labels: labels.get(sampled) ?? null }];
    }),
  );
}

/** The tables of docs/metrics.md: names share the labels that stand at the first of a row. */
export function documentedIn(page: string): Map<string, Metric> {
  const rows = [...page.matchAll(/^\| (`sluice_.*?`) \| (\w+) \|/gm)];
  return new Map(
    rows.flatMap(([, names = '', type = '']) => {
      const labels = /\{(.*?)\}/.exec(names)?.[1]?.split(',') ?? [];
      return [...names.matchAll(/`(\w+)/g)].map(
        ([, name = '']) => [name, { type, labels: labels.toSorted() }] as const,
      );
    }),
  );
}

/** The metrics that a PromQL expression reads, each with the labels that the expression asks of it. */
export function readBy(expression: string): { readonly name: string; readonly labels: string[] }[] {
  const grouped = [...expression.matchAll(/\bby \((.*?)\)/g)].flatMap(([, inner = '']) =>
    inner.split(/, */),
  );
  return [...expression.matchAll(/\b((?:sluice|process)_\w+)(?:\{(.*?)\})?/g)].map(
    ([, name = '', inner = '']) => ({ name, labels: [...grouped, ...namesIn(inner)] }),
  );
}

const namesIn = (inner: string): string[] =>
  [...inner.matchAll(/(\w+)(?:=|!=|=~|!~)"/g)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'le')
    .toSorted();
