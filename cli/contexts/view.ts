import type { Column, View } from '../output/column.ts';
import { contextNames, currentContext, type Env, readContext } from './store.ts';

export interface ContextRow {
  readonly name: string;
  readonly current: boolean;
  readonly server: unknown;
  readonly tokenFile: unknown;
  readonly caFile: unknown;
  readonly clientCert: unknown;
  readonly clientKey: unknown;
}

const field = (key: keyof ContextRow, more: Partial<Column<ContextRow>> = {}) => ({
  key,
  value: (row: ContextRow) => row[key],
  ...more,
});

export const contextView: View<ContextRow> = {
  columns: [
    field('current', {
      cell: ({ current }) => (current ? '*' : ''),
      style: ({ current }) => (current ? 'green' : undefined),
    }),
    field('name', { shrinksTo: 12 }),
    field('server', { shrinksTo: 20 }),
    field('tokenFile', { shrinksTo: 12 }),
    field('caFile', { shrinksTo: 12, droppable: true }),
    field('clientCert', { shrinksTo: 12, droppable: true }),
    field('clientKey', { shrinksTo: 12, droppable: true }),
  ],
  table: ['current', 'name', 'server', 'tokenFile', 'caFile'],
};

export async function readContextRows(env: Env): Promise<ContextRow[]> {
  return Promise.all(contextNames(env).map((name) => readContextRow(name, env)));
}

export async function readContextRow(name: string, env: Env): Promise<ContextRow> {
  const { values } = await readContext(name, env);
  const said = (key: string) => values.get(key) ?? null;
  return {
    ...{ name, current: name === currentContext(env), server: said('server') },
    ...{ tokenFile: said('tokenFile'), caFile: said('caFile') },
    ...{ clientCert: said('clientCert'), clientKey: said('clientKey') },
  };
}
