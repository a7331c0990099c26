import {
  type Bounds,
  type Bucket,
  kbpsBucket,
  meterBounds,
  policerBounds,
  queueBounds,
} from '../../agent/drivers/ovs/limits.ts';
import type { SwitchTools } from '../../test/support/readSwitch.ts';

/** A mechanism as the driver uses it, programmed by Open vSwitch's own tools. */
export interface Limiter {
  /** Who sends what is limited: the guest behind the port, or its peer. */
  readonly sender: 'guest' | 'peer';
  readonly bounds: (rateKbps: number) => Bounds;
  /** Holds the port to the bucket, whatever held it before. */
  readonly hold: (ovs: SwitchTools, port: string, bucket: Bucket) => Promise<void>;
}

export type Mechanism = 'openflow_meter' | 'ingress_policing' | 'linux_htb';

/** Debian 12's, on which all of this is measured. */
const ovsVersion = '3.1.0';
export const bridge = 'br0';

export const limiters: Readonly<Record<Mechanism, Limiter>> = {
  openflow_meter: { sender: 'guest', bounds: () => meterBounds, hold: holdByMeter },
  ingress_policing: {
    sender: 'guest',
    bounds: (rateKbps) => policerBounds(rateKbps, ovsVersion),
    hold: holdByPolicing,
  },
  linux_htb: {
    sender: 'peer',
    bounds: (rateKbps) => queueBounds(rateKbps, ovsVersion),
    hold: holdByQueue,
  },
};

/** The bucket that the driver would choose. */
export function bucketFor(
  mechanism: Mechanism,
  maxKbps: number,
  maxBurstKbps: number | null,
  mtu: number,
): Bucket {
  return kbpsBucket({ maxKbps, maxBurstKbps }, mtu, limiters[mechanism].bounds(maxKbps));
}

/** A meter of the port's own: one meter serves one flow. */
async function holdByMeter(ovs: SwitchTools, port: string, { rate, burst }: Bucket): Promise<void> {
  const number = (await ovs.vsctl('get', 'Interface', port, 'ofport')).trim();
  const meter = `meter=${number},kbps,burst,band=type=drop,rate=${rate},burst_size=${burst}`;
  const flow = `priority=9,in_port=${number},actions=meter:${number},normal`;
  await ovs.ofctl('del-meter', bridge, `meter=${number}`);
  await ovs.ofctl('add-meter', bridge, meter);
  await ovs.ofctl('add-flow', bridge, flow);
}

async function holdByPolicing(
  ovs: SwitchTools,
  port: string,
  { rate, burst }: Bucket,
): Promise<void> {
  const columns = [`ingress_policing_rate=${rate}`, `ingress_policing_burst=${burst}`];
  await ovs.vsctl('set', 'Interface', port, ...columns);
}

/** A queue's burst acts only below the root's rate. */
async function holdByQueue(ovs: SwitchTools, port: string, { rate, burst }: Bucket): Promise<void> {
  await ovs.vsctl(
    ...['set', 'Port', port, 'qos=@qos', '--'],
    ...['--id=@qos', 'create', 'QoS', 'type=linux-htb', 'queues:0=@queue'],
    ...['other-config:max-rate=34000000000', '--'],
    ...['--id=@queue', 'create', 'Queue', `other-config:max-rate=${rate * 1_000}`],
    `other-config:burst=${burst * 1_000}`,
  );
}
