import type { HostCapabilities } from './hostCapabilities.ts';
import type { BridgeAbilities, BridgeView } from './observe.ts';

export type RateMechanism = 'ingress_policing' | 'openflow_meter';

/** How a bridge can hold an EGRESS rate, or why it cannot. */
export type EgressChoice =
  | { readonly mechanism: RateMechanism }
  | { readonly mechanism: null; readonly reason: string };

/** What is special about one port. */
export interface EgressCase {
  /** Bits and packets are to be held. */
  readonly both: boolean;
  /** Why this interface cannot be policed, whatever the host can do. */
  readonly unpoliced: string | null;
}

const anyPort: EgressCase = { both: false, unpoliced: null };

export function chooseEgress(
  view: BridgeAbilities,
  host: HostCapabilities,
  { both, unpoliced }: EgressCase = anyPort,
): EgressChoice {
  const policing = obstacleToPolicing(view, host) ?? unpoliced;
  const meter = obstacleToMeter(view);
  switch (host.egressMechanism) {
    case 'ingress_policing':
      return policing === null ? { mechanism: 'ingress_policing' } : refused(policing);
    case 'openflow_meter':
      return meter === null ? { mechanism: 'openflow_meter' } : refused(meter);
    case 'auto':
      if (both && meter === null) return { mechanism: 'openflow_meter' };
      if (policing === null) return { mechanism: 'ingress_policing' };
      return meter === null ? { mechanism: 'openflow_meter' } : refused(`${policing} ${meter}`);
  }
}

/** For the agent's `configurations.capabilities`. */
export function describeCapabilities(
  host: HostCapabilities,
  views: readonly BridgeView[],
): Readonly<Record<string, unknown>> {
  const perBridge = <T>(describe: (view: BridgeView) => T) =>
    Object.fromEntries(views.map((view) => [view.row.name, describe(view)]));
  return {
    ovsVersion: host.ovsVersion,
    tcHtb: host.tcHtb,
    tcPolice: host.tcPolice,
    datapathTypes: perBridge(({ row }) => datapathType(row.datapath_type)),
    meters: perBridge(({ openflow }) =>
      openflow.state === 'known'
        ? { max: openflow.features.maxMeters, bands: openflow.features.maxBands }
        : { max: 0, bands: 0, reason: openflow.reason },
    ),
    physicalPorts: perBridge(({ physicalPorts }) =>
      Object.fromEntries(physicalPorts.map(({ port, linkKbps }) => [port.name, { linkKbps }])),
    ),
    mechanisms: perBridge((view) => ({
      EGRESS: chooseEgress(view, host).mechanism,
      INGRESS: host.tcHtb === false ? null : 'linux_htb',
    })),
  };
}

/** ovs-vswitchd.conf.db(5): an empty datapath type means `system`. */
function datapathType(column: string): string {
  return column || 'system';
}

/**
 * A policer on a userspace bridge installs, counts drops, and limits nothing: Open vSwitch's packet
 * socket has taken the frame before (seen with veth and tap).
 */
function obstacleToPolicing({ row }: BridgeAbilities, host: HostCapabilities): string | null {
  const type = datapathType(row.datapath_type);
  if (type !== 'system') {
    return `Ingress policing limits nothing on bridge ${row.name}, whose datapath is ${type}.`;
  }
  return host.tcPolice === false ? 'This kernel has no tc police, so it cannot police.' : null;
}

function obstacleToMeter({ row, openflow }: BridgeAbilities): string | null {
  if (openflow.state === 'refused') return openflow.reason;
  const { maxMeters, canDrop } = openflow.features;
  return maxMeters > 0 && canDrop ? null : `Bridge ${row.name} has no OpenFlow meters.`;
}

function refused(reason: string): EgressChoice {
  return { mechanism: null, reason };
}
