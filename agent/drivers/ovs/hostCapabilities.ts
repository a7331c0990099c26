import type { DriverOptions } from '../driver.ts';

/** What the kernel can do; null: it could not be tried, and reading back decides. */
export interface KernelCapabilities {
  readonly tcHtb: boolean | null;
  readonly tcPolice: boolean | null;
}

/** What this host can do, apart from its bridges. */
export interface HostCapabilities extends KernelCapabilities {
  readonly ovsVersion: string | null;
  /** The database has `ingress_policing_kpkts_*`: Open vSwitch 2.16 or later. */
  readonly policesPackets: boolean;
  readonly egressMechanism: DriverOptions['egressMechanism'];
}
