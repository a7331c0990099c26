import type { Database } from '../../../../../agent/drivers/ovs/tables.ts';
import type { TcReader } from '../../../../../agent/drivers/ovs/tc.ts';

/** What the kernel has on a device. */
export interface ReadDevice {
  /** Of linux-htb, by their ids. */
  readonly classes: ReadonlyMap<string, Range>;
  /** What of that which comes in is not dropped; null: everything. */
  readonly policer: Policed | null;
}

/** In kbit/s. */
interface Range {
  readonly least: number;
  readonly most: number;
}

interface Policed {
  readonly kbps: number | null;
  readonly pktps: number | null;
}

export type ReadKernel = ReadonlyMap<string, ReadDevice>;

/** Of all devices of the switch's, as tc prints them. */
export async function readKernel(
  tc: TcReader,
  { Interface }: Pick<Database, 'Interface'>,
): Promise<ReadKernel> {
  // For a name that is no device's, as a patch port's, the kernel would look for a module.
  const devices = [...Interface.values()].filter(({ ifindex }) => (ifindex ?? 0) > 0);
  const ask = (show: 'classes' | 'filters') => tc.ask(devices.map((device) => ({ device, show })));
  const [classes, filters] = await Promise.all([ask('classes'), ask('filters')]);
  return new Map(
    devices.map(({ name }, index) => [
      name,
      { classes: parseClasses(classes[index] ?? ''), policer: parsePolicer(filters[index] ?? '') },
    ]),
  );
}

/**
 * A queue of linux-htb as Open vSwitch makes it: queue N is class 1:N+1 (ovs lib/netdev-linux.c htb_class_set),
 * below one for all that leaves by the device.
 */
export function hasQueue(
  device: ReadDevice | undefined,
  id: number,
  { least, most }: Partial<Range> & Pick<Range, 'most'>,
): boolean {
  const queue = device?.classes.get(`1:${(id + 1).toString(16)}`);
  const root = device?.classes.get('1:fffe');
  if (!queue || !root) return false;
  const isEnough = root.most > most || isAbout(root.most, most);
  return (
    isEnough && isAbout(queue.most, most) && (least === undefined || isAbout(queue.least, least))
  );
}

export function isAbout(read: number | null, set: number | null): boolean {
  if (read === null || set === null) return read === set;
  // tc prints a few digits only.
  return Math.abs(read - set) <= Math.max(1, set * 0.002);
}

function parseClasses(text: string): Map<string, Range> {
  const lines = text.matchAll(/^class htb (\S+) .*?\brate (\S+) ceil (\S+)/gm);
  return new Map(
    [...lines].map(([, id = '', rate = '', ceil = '']) => [
      id,
      { least: kbps(rate), most: kbps(ceil) },
    ]),
  );
}

function parsePolicer(text: string): Policed | null {
  if (!/\bpolice\b.*\baction drop\b/.test(text)) return null;
  const rate = /\bpolice\b.*\brate ([1-9]\S*) burst/.exec(text)?.[1];
  const packets = /\bpolice\b.*\bpkts_rate (\d+)/.exec(text)?.[1];
  return {
    kbps: rate === undefined ? null : kbps(rate),
    pktps: packets === undefined ? null : Number(packets),
  };
}

const perUnit: Readonly<Record<string, number>> = { '': 1e-3, K: 1, M: 1e3, G: 1e6, T: 1e9 };

function kbps(text: string): number {
  const [, figure, unit = ''] = /^([\d.]+)([KMGT]?)bit$/.exec(text) ?? [];
  return Number(figure) * (perUnit[unit] ?? Number.NaN);
}
