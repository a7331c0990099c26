/**
 * `npm run bench burst [-- DATAPATH MECHANISM [MBPS…]]`: how much of a rate TCP and UDP reach, by the burst. One
 * datapath (userspace, kernel) and mechanism at a time, each in its turn where none is named. The rows are kept
 * beside those of earlier runs; docs/bursts.md has them all.
 */
import { measureTcp, measureUdp } from '../scripts/lab/traffic.ts';
import { bucketFor, limiters, type Mechanism } from './burst/limiters.ts';
import { type Datapath, type Rig, rigs } from './burst/rigs.ts';
import { keepResults, resultsOf } from './results.ts';

/** What was measured with one bucket, in percent of the rate; TCP's headers are 5 % of it. */
interface Row {
  readonly datapath: Datapath;
  readonly mechanism: Mechanism;
  readonly rateMbps: number;
  /** Of a second's rate; null: the default. */
  readonly share: number | null;
  readonly burstKbps: number;
  readonly tcpPercent: number;
  /** Null: the machine cannot send twice so much. */
  readonly udpPercent: number | null;
  /** Left out: 1,500. */
  readonly mtu?: number;
  /** What one TCP connection reaches there without a limit. */
  readonly unlimitedMbps: number;
}

/** On the userspace datapath Linux has nothing to police. */
const all: readonly (readonly [Datapath, Mechanism])[] = [
  ['userspace', 'openflow_meter'],
  ['userspace', 'linux_htb'],
  ['kernel', 'ingress_policing'],
  ['kernel', 'openflow_meter'],
  ['kernel', 'linux_htb'],
];
const ratesMbps = [1, 10, 100, 500];
/** Every datagram costs as much as a TCP frame of 64 KiB, on an emulated processor most of all. */
const mostUdpMbps: Readonly<Record<Datapath, number>> = { userspace: 100, kernel: 10 };
const shares = [null, 0.1, 0.2];
/** In packets of 1,500 bytes the userspace datapath carries 200 to 550 Mbit/s here, which says nothing of a limit. */
const mtuFor = (datapath: Datapath, rateMbps: number) =>
  datapath === 'userspace' && rateMbps >= 500 ? 9_000 : 1_500;
/** A full bucket is gone by then. */
const notCountedMs = 2_000;

const [, , datapath, mechanism, ...rates] = process.argv;
const chosen = all.filter(
  (each) => (datapath ?? each[0]) === each[0] && (mechanism ?? each[1]) === each[1],
);
for (const [where, how] of chosen) {
  await rigs[where](async (rig) => {
    for (const rateMbps of rates.length > 0 ? rates.map(Number) : ratesMbps) {
      const mtu = mtuFor(where, rateMbps);
      const unlimitedMbps = await reach(rig, mtu);
      for (const share of shares) {
        const limit = { datapath: where, mechanism: how, rateMbps, share, mtu };
        await keep({ ...limit, ...(await measureLimited(rig, limit)), unlimitedMbps });
      }
    }
  });
}

/** What TCP reaches through a pair that nothing limits. */
async function reach(rig: Rig, mtu: number): Promise<number> {
  const { guest, peer } = await rig.addPair(mtu);
  return Math.round(await measureTcp({ from: guest, to: peer, seconds: 4, notCountedMs: 1_000 }));
}

async function measureLimited(
  rig: Rig,
  {
    datapath,
    mechanism,
    rateMbps,
    share,
    mtu,
  }: Pick<Row, 'datapath' | 'mechanism' | 'rateMbps' | 'share'> & { readonly mtu: number },
): Promise<Pick<Row, 'burstKbps' | 'tcpPercent' | 'udpPercent'>> {
  const { sender, hold } = limiters[mechanism];
  const maxKbps = rateMbps * 1_000;
  const bucket = bucketFor(mechanism, maxKbps, share && Math.round(maxKbps * share), mtu);
  const { port, guest, peer } = await rig.addPair(mtu);
  await hold(rig.ovs, port, bucket);
  const [from, to] = sender === 'guest' ? [guest, peer] : [peer, guest];
  const percent = (mbps: number) => Math.round((mbps / rateMbps) * 100);
  const tcp = await measureTcp({ from, to, seconds: 8, notCountedMs });
  const measured = { burstKbps: bucket.burst, tcpPercent: percent(tcp) };
  if (rateMbps > mostUdpMbps[datapath]) return { ...measured, udpPercent: null };
  const offeredMbps = rateMbps * 2;
  const udp = await measureUdp({ from, to, seconds: 4, notCountedMs, offeredMbps });
  return { ...measured, udpPercent: percent(udp) };
}

async function keep(row: Row): Promise<void> {
  process.stdout.write(`${markdown(row)}\n`);
  const earlier = (await resultsOf<{ readonly rows: readonly Row[] }>('burst'))?.rows ?? [];
  const others = earlier.filter((each) => keyOf(each) !== keyOf(row));
  await keepResults('burst', { rows: [...others, row] });
}

function keyOf({ datapath, mechanism, rateMbps, share }: Row): string {
  return `${datapath} ${mechanism} ${rateMbps} ${share}`;
}

function markdown(row: Row): string {
  const burst = row.share === null ? 'default' : `${row.share * 100} % of a second`;
  const cells = [row.datapath, row.mechanism, row.rateMbps, `${burst}: ${row.burstKbps} kbit`];
  const udp = row.udpPercent === null ? '' : `${row.udpPercent} %`;
  return `| ${[...cells, `${row.tcpPercent} %`, udp, row.unlimitedMbps].join(' | ')} |`;
}
