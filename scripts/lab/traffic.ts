import { setTimeout as delay } from 'node:timers/promises';
import { type CommandOptions, runIn } from './command.ts';

/** One end of the traffic: a network namespace and its address there, such as a Guest. */
export interface Endpoint {
  readonly netns: string;
  readonly address: string;
  /** Runs a program in its namespace, where that is not on this machine. */
  readonly runIn?: typeof runIn;
}

export interface TrafficOptions {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly seconds: number;
  readonly protocol: { readonly udpMbps: number } | 'tcp';
  /** Runs while the traffic does. */
  readonly during?: (() => Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What arrived in a tenth of a second. */
export interface Sample {
  /** Since the first packet. */
  readonly atMs: number;
  readonly durationMs: number;
  readonly receivedMbps: number;
}

export interface MeasureOptions {
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** Default 4. */
  readonly seconds?: number;
  /** So long from the first packet on nothing counts: a full bucket passes then. Default 1 s. */
  readonly notCountedMs?: number;
  readonly signal?: AbortSignal;
}

/** The mean rate, in Mbit/s of payload, at which `to` receives the UDP that `from` sends at `offeredMbps`. */
export function measureUdp(
  options: MeasureOptions & { readonly offeredMbps: number },
): Promise<number> {
  return measure(options, { udpMbps: options.offeredMbps });
}

/** The mean rate, in Mbit/s of payload, that one TCP connection reaches. */
export function measureTcp(options: MeasureOptions): Promise<number> {
  return measure(options, 'tcp');
}

/** Sends traffic and resolves with what the receiver saw, by iperf3; everything started has ended then. */
export async function sendTraffic(options: TrafficOptions): Promise<Sample[]> {
  const { to, seconds, during, signal } = options;
  const port = nextPort();
  const ended = new AbortController();
  const limits = {
    timeoutMs: seconds * 1_000 + 20_000,
    signal: signal ? AbortSignal.any([signal, ended.signal]) : ended.signal,
  };
  const receiver = receive(to, port, limits);
  const sending = listening(to, port).then(() =>
    Promise.all([send(options, port, limits), during?.()]),
  );
  try {
    const [samples] = await Promise.all([receiver, sending]);
    return samples;
  } finally {
    ended.abort();
    await Promise.allSettled([receiver, sending]);
  }
}

/** The mean over what came from then on, in Mbit/s. */
function meanMbps(samples: readonly Sample[], fromMs: number): number {
  const counted = samples.filter(({ atMs }) => atMs >= fromMs);
  const durationMs = counted.reduce((sum, sample) => sum + sample.durationMs, 0);
  const megabits = counted.reduce(
    (sum, sample) => sum + (sample.receivedMbps * sample.durationMs) / 1_000,
    0,
  );
  return durationMs === 0 ? 0 : megabits / (durationMs / 1_000);
}

async function measure(
  { from, to, seconds = 4, notCountedMs = 1_000, signal }: MeasureOptions,
  protocol: TrafficOptions['protocol'],
): Promise<number> {
  return meanMbps(await sendTraffic({ from, to, seconds, protocol, signal }), notCountedMs);
}

async function send({ from, to, seconds, protocol }: TrafficOptions, port: number, limits: Limits) {
  const target = ['--client', to.address, '--port', `${port}`, '--time', `${seconds}`];
  const rate = protocol === 'tcp' ? [] : ['--udp', '--bitrate', `${protocol.udpMbps}M`];
  const args = [...target, ...rate, '--connect-timeout', '5000'];
  await runAt(from, 'iperf3', args, limits);
}

/** A server for one test; the receiver's figures are the ones that count, a sender's say what it tried. */
async function receive(to: Endpoint, port: number, limits: Limits): Promise<Sample[]> {
  const once = ['--server', '--one-off', '--port', `${port}`, '--interval', '0.1', '--json'];
  const report: Report = JSON.parse(await runAt(to, 'iperf3', once, limits));
  return report.intervals.map(({ sum }) => ({
    atMs: sum.start * 1_000,
    durationMs: sum.seconds * 1_000,
    receivedMbps: sum.bits_per_second / 1e6,
  }));
}

/** Resolves when something listens on the port: a client that comes earlier is refused. */
async function listening(end: Endpoint, port: number): Promise<void> {
  const deadline = performance.now() + 15_000;
  while ((await runAt(end, 'ss', ['-Hltn', `sport = :${port}`])) === '') {
    if (performance.now() > deadline)
      throw new Error(`iperf3 does not listen on port ${port} in ${end.netns}.`);
    await delay(20);
  }
}

function runAt(end: Endpoint, program: string, args: readonly string[], options?: CommandOptions) {
  return (end.runIn ?? runIn)(end.netns, program, args, options);
}

/** A port of its own for each run, so that several may go to one guest at once. */
function nextPort(): number {
  lastPort = lastPort === 29_999 ? 20_000 : lastPort + 1;
  return lastPort;
}
let lastPort = 20_000;

type Limits = Required<Pick<CommandOptions, 'timeoutMs' | 'signal'>>;

/** What is read of iperf3's JSON. */
interface Report {
  readonly intervals: readonly {
    readonly sum: {
      readonly start: number;
      readonly seconds: number;
      readonly bits_per_second: number;
    };
  }[];
}
