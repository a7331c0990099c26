import { convergedOf } from '../agent/view.ts';
import type { Column, View } from '../output/column.ts';
import { statuses, statusStyle } from '../output/status.ts';
import { ageOf, count, droppedWords, limitWords } from '../output/words.ts';
import { programmedWords } from '../rule/bindings.ts';
import { behindSince, type DirectionRow, type Host, type Leftover, leftoversOf } from './host.ts';

/** The page that one opens at three in the morning. */
export const hostView: View<Host> = {
  columns: [
    { key: 'host', value: ({ host }) => host },
    {
      key: 'agent',
      value: ({ agent }) => agent,
      cell: agentWords,
      style: ({ agent }) => (agent?.alive && agent.connected ? 'green' : ['red', 'bold']),
    },
    {
      key: 'adminState',
      value: ({ agent }) => (agent?.adminStateUp === false ? 'down' : 'up'),
      cell: ({ agent }) =>
        agent?.adminStateUp === false ? 'down: it enforces nothing here' : 'up',
      style: ({ agent }) => (agent?.adminStateUp === false ? 'yellow' : undefined),
      human: true,
    },
    {
      key: 'driver',
      value: ({ agent }) => driverWords(agent?.configurations ?? null),
      human: true,
    },
    { key: 'feed', value: feedWords, style: feedStyle, human: true },
    { key: 'limits', value: limitsWords, human: true },
    {
      key: 'removals',
      value: (host) => {
        const failed = leftoversOf(host).length;
        return failed === 0 ? 'none failed' : `${failed} failed; the agent goes on trying`;
      },
      style: (host) => (leftoversOf(host).length > 0 ? ['red', 'bold'] : undefined),
      human: true,
    },
    { key: 'bindings', value: ({ bindings }) => bindings, nested: true },
    { key: 'ports', value: ({ ports }) => ports, cell: ({ ports }) => count(ports.length, 'port') },
  ],
  table: ['host', 'agent', 'adminState', 'driver', 'feed', 'ports', 'limits', 'removals'],
};

function agentWords({ agent }: Host): string {
  if (!agent) return 'none has ever reported from here';
  const heard = agent.heartbeatAt ? `, last heard of ${ageOf(agent.heartbeatAt)} ago` : '';
  const connected = agent.connected ? 'connected' : 'not connected';
  return `${agent.alive ? 'alive' : 'not alive'}, ${connected}${heard}`;
}

function driverWords(configurations: Record<string, unknown> | null): string {
  const { driver, ovsVersion } = configurations ?? {};
  if (typeof driver !== 'string') return '-';
  return typeof ovsVersion === 'string' ? `${driver}, Open vSwitch ${ovsVersion}` : driver;
}

function feedWords(host: Host): string {
  if (!host.agent || convergedOf(host.agent) === null) return '-';
  const since = behindSince(host);
  if (convergedOf(host.agent)) return 'everything is confirmed';
  return since === null ? 'behind' : `behind for ${ageOf(since)}`;
}

function feedStyle({ agent }: Host) {
  return agent && convergedOf(agent) === false ? 'yellow' : undefined;
}

/** How many of which status, what needs an eye first. */
function limitsWords({ bindings }: Host): string {
  const words = statuses.flatMap((status) => {
    const alike = bindings.filter((binding) => binding.status === status).length;
    return alike > 0 ? [`${alike} ${status}`] : [];
  });
  return words.join(', ') || 'none';
}

export const directionColumns: readonly Column<DirectionRow>[] = [
  { key: 'port', value: ({ portId }) => portId, shrinksTo: 9 },
  {
    key: 'interface',
    value: ({ place }) => place?.interfaceName ?? null,
    cell: ({ place }) => (place?.plugged ? (place.interfaceName ?? 'plugged') : 'unplugged'),
    shrinksTo: 9,
  },
  { key: 'direction', value: ({ binding }) => binding?.direction ?? null },
  {
    key: 'asked',
    value: ({ binding }) => (binding?.rule ? limitWords(binding.rule) : null),
    shrinksTo: 10,
  },
  {
    key: 'programmed',
    value: ({ binding }) => programmedWords(binding?.programmed ?? null),
    shrinksTo: 10,
  },
  {
    key: 'status',
    value: ({ binding }) =>
      binding && (binding.stale ? `${binding.status} (stale)` : binding.status),
    style: ({ binding }) => (binding ? statusStyle(binding.status) : undefined),
  },
  {
    key: 'dropped',
    value: ({ binding }) => droppedWords(binding?.usage),
    style: ({ binding }) => (Number(binding?.usage?.droppedPackets) > 0 ? 'yellow' : undefined),
  },
  { key: 'message', value: ({ binding }) => binding?.message ?? null, shrinksTo: 20 },
];

export const leftoverColumns: readonly Column<Leftover>[] = [
  { key: 'port', value: ({ portId }) => portId, shrinksTo: 9 },
  { key: 'interface', value: ({ interfaceName }) => interfaceName, shrinksTo: 9 },
  { key: 'stillThere', value: ({ fault }) => fault, style: () => ['red', 'bold'], shrinksTo: 20 },
];
