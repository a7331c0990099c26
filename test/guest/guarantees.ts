import { expect, onTestFinished } from 'vitest';
import type { Endpoint } from '../../scripts/lab/traffic.ts';
import { measureUdp } from '../support/traffic.ts';
import type { Binding, KernelHost } from './kernelHost.ts';
import type { Port } from './kernelSwitch.ts';

/** What the link carries that two ports compete for. */
export const linkMbps = 10;

/** What leaves a host by one link, and two of its ports that send. */
export interface Competition {
  readonly kernelHost: KernelHost;
  readonly first: Port;
  readonly second: Port;
  readonly beyond: Endpoint;
}

/** A rule that ends with its test. */
export async function guarantee(
  kernelHost: KernelHost,
  port: Port,
  minKbps: number,
): Promise<string> {
  const id = await kernelHost.create(port, { direction: 'EGRESS', minKbps });
  onTestFinished(() => kernelHost.remove(id));
  return id;
}

export function guaranteeApplied(
  kernelHost: KernelHost,
  id: string,
  minKbps: number,
): Promise<Binding> {
  return kernelHost.binding(id, (binding) =>
    expect(binding).toMatchObject({
      status: 'APPLIED',
      message: null,
      programmed: { mechanism: 'linux_htb', minKbps, maxKbps: null },
    }),
  );
}

/** Both send as much as the link carries, at the same time; what each got, in Mbit/s. */
export async function compete({
  first,
  second,
  beyond,
}: Competition): Promise<{ readonly first: number; readonly second: number }> {
  const send = (from: Port) => measureUdp({ from, to: beyond, offeredMbps: linkMbps, seconds: 5 });
  const [one, two] = await Promise.all([send(first), send(second)]);
  console.log(
    `Of ${linkMbps} Mbit/s, the first got ${one.toFixed(2)}, the second ${two.toFixed(2)}.`,
  );
  return { first: one, second: two };
}
