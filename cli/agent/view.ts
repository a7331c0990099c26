import type { AgentRowFragment as AgentRow } from '../../schema/generated/graphql.ts';
import type { Column, View } from '../output/column.ts';
import type { Screen } from '../output/screen.ts';
import { tableOf } from '../output/table.ts';
import { ageOf, instantWords } from '../output/words.ts';

export type { AgentRow };

const field = (key: keyof AgentRow, more: Partial<Column<AgentRow>> = {}): Column<AgentRow> => ({
  key,
  value: (agent) => agent[key],
  ...more,
});

const yesOrNo = (key: 'alive' | 'connected'): Column<AgentRow> =>
  field(key, {
    cell: (agent) => (agent[key] ? 'yes' : 'no'),
    style: (agent) => (agent[key] ? 'green' : 'red'),
  });

export const agentView: View<AgentRow> = {
  columns: [
    field('id'),
    field('host', { shrinksTo: 12 }),
    field('agentType', { shrinksTo: 8 }),
    field('binary'),
    field('version', { droppable: true }),
    { key: 'driver', value: ({ configurations }) => configurations?.driver ?? null },
    {
      key: 'ovsVersion',
      value: ({ configurations }) => configurations?.ovsVersion ?? null,
      droppable: true,
    },
    field('description', { shrinksTo: 12 }),
    field('adminStateUp', {
      cell: ({ adminStateUp }) => (adminStateUp ? 'up' : 'down'),
      style: ({ adminStateUp }) => (adminStateUp ? undefined : 'yellow'),
    }),
    yesOrNo('alive'),
    yesOrNo('connected'),
    {
      key: 'converged',
      value: convergedOf,
      cell: (agent) => ({ true: 'yes', false: 'no', null: '-' })[`${convergedOf(agent)}`],
      style: (agent) => (convergedOf(agent) === false ? 'yellow' : undefined),
    },
    field('createdAt', { cell: ({ createdAt }) => instantWords(createdAt) }),
    field('startedAt', { cell: ({ startedAt }) => instantWords(startedAt) }),
    field('heartbeatAt', { cell: ({ heartbeatAt }) => instantWords(heartbeatAt) }),
    field('configurations', { nested: true }),
    field('desired'),
    field('confirmed'),
    {
      key: 'heartbeat',
      value: ({ heartbeatAt }) => (heartbeatAt ? `${ageOf(heartbeatAt)} ago` : null),
      human: true,
    },
  ],
  table: [
    ...['host', 'alive', 'connected', 'adminStateUp', 'converged'],
    ...['driver', 'ovsVersion', 'version', 'heartbeat'],
  ],
};

export const agentShowView: View<AgentRow> = {
  columns: agentView.columns,
  table: [
    ...['id', 'host', 'agentType', 'binary', 'version', 'description'],
    ...['adminStateUp', 'alive', 'connected', 'converged', 'driver', 'ovsVersion'],
    ...['createdAt', 'startedAt', 'heartbeatAt'],
  ],
};

/** The host has confirmed all that is asked of it; null where the caller may not know. */
export function convergedOf({ desired, confirmed }: AgentRow): boolean | null {
  return desired === null ? null : desired === confirmed;
}

/** What it says of itself and its host, a line for each thing. */
export function configurationLines({ configurations }: AgentRow, screen: Screen): string {
  const rows = leavesOf('', configurations ?? {});
  return rows.length > 0 ? `\n${tableOf(rows, leafColumns, screen)}` : '';
}

interface Leaf {
  readonly configuration: string;
  readonly value: unknown;
}

const leafColumns: readonly Column<Leaf>[] = [
  { key: 'configuration', value: ({ configuration }) => configuration },
  { key: 'value', value: ({ value }) => value, shrinksTo: 20 },
];

function leavesOf(path: string, value: unknown): Leaf[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [{ configuration: path, value }];
  }
  return Object.entries(value).flatMap(([key, one]) =>
    leavesOf(path === '' ? key : `${path}.${key}`, one),
  );
}
