import type { PortLimitFieldsFragment as PortLimit } from '../../../schema/generated/graphql.ts';
import type { HostCapabilities } from './hostCapabilities.ts';
import { queueBounds, rate32MaxKbps } from './limits.ts';
import type { BridgeAbilities } from './observe.ts';
import type { PhysicalPort } from './physicalPorts.ts';

/** What a port's traffic is to get at least on its way out of the host. */
export interface Guarantee {
  readonly kbps: number;
  readonly physicalPorts: readonly PhysicalPort[];
}

export interface GuaranteeDecision {
  readonly guarantee: Guarantee | null;
  /** What came out different from what was asked, or not at all. */
  readonly notes: readonly string[];
}

/**
 * minKbps of EGRESS, as Neutron's minimum bandwidth: a queue of linux-htb with a min-rate on every physical port
 * that the port's bridge reaches, and a flow that puts the port's packets into it.
 */
export function decideGuarantee(
  { minKbps }: PortLimit,
  view: BridgeAbilities,
  host: HostCapabilities,
): GuaranteeDecision {
  if (minKbps === null) return { guarantee: null, notes: [] };
  const obstacle = findObstacle(view, host);
  if (obstacle !== null) {
    return { guarantee: null, notes: [`minKbps is not enforced: ${obstacle}`] };
  }
  const physicalPorts = view.physicalPorts;
  const { minRateKbps, holder } = queueBounds(minKbps, host.ovsVersion);
  const most = Math.min(...physicalPorts.map((physical) => rootKbps(physical, host)));
  const kbps = Math.min(Math.max(minKbps, minRateKbps), most);
  const bound = kbps < minKbps ? 'most' : 'least';
  const notes =
    kbps === minKbps
      ? []
      : [`At least ${minKbps} kbit/s was asked for; ${holder} guarantees ${kbps} at ${bound}.`];
  return { guarantee: { kbps, physicalPorts }, notes };
}

/**
 * The rate of the whole port. Where the settings give the link's rate, htb itself has to hold it: nothing
 * else knows of it. Otherwise the device does, and htb only chooses who is next: a root at the link's own
 * rate has a bucket of one packet (ovs lib/netdev-linux.c), and lets TCP reach 82 % of 1 Gbit/s, 71 % of 5
 * (measured).
 */
export function rootKbps({ linkKbps, isRated }: PhysicalPort, host: HostCapabilities): number {
  const { maxRateKbps } = queueBounds(linkKbps ?? 0, host.ovsVersion);
  if (isRated && linkKbps !== null) return Math.min(linkKbps, maxRateKbps);
  return Math.min(Math.max(rate32MaxKbps, 2 * (linkKbps ?? 0)), maxRateKbps);
}

function findObstacle(view: BridgeAbilities, host: HostCapabilities): string | null {
  const { row, openflow, physicalPorts } = view;
  if (row.datapath_type === 'netdev') {
    return `bridge ${row.name} is of the userspace datapath, which gives packets no queue.`;
  }
  if (openflow.state === 'refused') return openflow.reason;
  if (host.tcHtb === false) return 'this kernel has no htb queue.';
  if (physicalPorts.length === 0) {
    return `no physical port is reached from bridge ${row.name}; one that cannot be told from its device is named in SLUICE_PHYSICAL_PORTS.`;
  }
  return physicalPorts.map(foreignOn).find((sentence) => sentence !== null) ?? null;
}

function foreignOn({ port, foreignQos }: PhysicalPort): string | null {
  if (foreignQos === null) return null;
  return `physical port ${port.name} has a QoS that is not Sluice's (${foreignQos._uuid}, type ${foreignQos.type}); it is left as it is.`;
}
