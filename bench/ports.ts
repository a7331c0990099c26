import { randomUUID } from 'node:crypto';
import { run } from '../scripts/lab/command.ts';
import type { PrivateSwitch } from '../scripts/privateSwitch.ts';

/** Ports on br0 that queues and meters work on, without guests behind them. Gives their ids. */
export async function addPorts(
  ovs: PrivateSwitch,
  count: number,
  prefix = 'bench',
): Promise<string[]> {
  const portIds = Array.from({ length: count }, () => randomUUID());
  const names = portIds.map((_, index) => `${prefix}${index}`);
  const batch = names.map((name) => `tuntap add dev ${name} mode tap\nlink set ${name} up`);
  await run('ip', ['-n', ovs.netns, '-batch', '-'], { input: `${batch.join('\n')}\n` });
  const added = names.flatMap((name, index) => [
    ...['--', 'add-port', 'br0', name],
    ...['--', 'set', 'Interface', name, `external_ids:iface-id=${portIds[index]}`],
  ]);
  await ovs.vsctl(...added.slice(1));
  return portIds;
}
