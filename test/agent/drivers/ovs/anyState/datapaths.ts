import type { DriverOptions } from '../../../../../agent/drivers/driver.ts';
import type { PrivateSwitchOptions } from '../../../../../scripts/privateSwitch.ts';

export type EgressMechanism = DriverOptions['egressMechanism'];

/** What cases run on, and what an agent can be told there. */
export interface Datapath {
  readonly type: NonNullable<PrivateSwitchOptions['datapathType']>;
  /** Each agent is told one of these. */
  readonly egressMechanisms: readonly EgressMechanism[];
  /** Where traffic leaves the host, which is where guarantees hold. */
  readonly uplinks: readonly Uplink[];
  /** In so many rounds the switch is as wanted: what only the kernel has lost is found when it is read back. */
  readonly rounds: number;
  /** All of these have to come up in the cases. */
  readonly mechanisms: readonly Mechanism[];
}

export type Mechanism = 'queue' | 'meter' | 'policer' | 'guarantee';

/** A physical port: its link is as fast as the settings say. */
export interface Uplink {
  /** As `deviceOf` takes it: after those of the guests. */
  readonly port: number;
  readonly bridge: string;
  readonly kbps: number;
}

export const userspace: Datapath = {
  type: 'netdev',
  egressMechanisms: ['auto'],
  uplinks: [],
  rounds: 1,
  mechanisms: ['queue', 'meter'],
};

/** The bridges are patched to each other: by either uplink the traffic of all ports can leave. */
export const kernel: Datapath = {
  type: 'system',
  egressMechanisms: ['ingress_policing', 'auto', 'openflow_meter'],
  uplinks: [
    { port: 6, bridge: 'br0', kbps: 10_000 },
    { port: 7, bridge: 'br1', kbps: 20_000 },
  ],
  rounds: 3,
  mechanisms: ['queue', 'meter', 'policer', 'guarantee'],
};
