import type { ChangeType } from '../../schema/generated/graphql.ts';

/** What a subscription tells. `row` null: it is gone, or nobody can say any more. */
export interface Event<Row> {
  readonly type: ChangeType;
  readonly id: string | null;
  readonly row: Row | null;
}

/** What is printed of it. LISTED: so it was when everything was read. */
export interface Change<Row> {
  readonly type: Exclude<ChangeType, 'RELOAD'> | 'LISTED';
  readonly row: Row;
}

/** The rows as they were last printed, so that reading everything anew repeats nothing. */
export class Known<Row extends { readonly id: string }> {
  readonly #rows = new Map<string, Row>();

  rows(): Row[] {
    return [...this.#rows.values()];
  }

  /** True if the row is new, or says something new. */
  put(row: Row): boolean {
    const before = this.#rows.get(row.id);
    this.#rows.set(row.id, row);
    return before === undefined || JSON.stringify(before) !== JSON.stringify(row);
  }

  drop(id: string): Row | undefined {
    const row = this.#rows.get(id);
    this.#rows.delete(id);
    return row;
  }

  /** What to print of an event; nothing where the row was never printed and is gone, or is none of those asked for. */
  take({ type, id, row }: Event<Row>, concerns: (row: Row) => boolean): Change<Row> | undefined {
    if (type === 'RELOAD' || id === null) return undefined;
    if (row === null || !concerns(row)) {
      const last = this.drop(id);
      return last && { type: 'DELETED', row: last };
    }
    return this.put(row) ? { type, row } : undefined;
  }
}

/** What must be printed so that what was printed before is right again. */
export function changesBetween<Row extends { readonly id: string }>(
  known: Known<Row>,
  rows: readonly Row[],
): Change<Row>[] {
  const ids = new Set(rows.map(({ id }) => id));
  const gone = known.rows().filter(({ id }) => !ids.has(id));
  for (const { id } of gone) known.drop(id);
  return [
    ...gone.map((row) => ({ type: 'DELETED' as const, row })),
    ...rows.filter((row) => known.put(row)).map((row) => ({ type: 'LISTED' as const, row })),
  ];
}
