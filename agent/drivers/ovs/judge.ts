import { unreachable } from '../../../lib/errors.ts';
import type { Check, Device } from './aims.ts';
import { type BridgeContents, sameMeter } from './bridgeContents.ts';
import { flowKey, sameFlow } from './flows.ts';
import { isAbout, readHtb, readPolice, readQueue, readRoot } from './tcText.ts';

/** What was read from where limits act. */
export interface Facts {
  /** What tc printed, by `deviceKey`. */
  readonly devices: ReadonlyMap<string, string>;
  readonly bridges: ReadonlyMap<string, BridgeContents>;
}

/** What a check came to; null: as it should be. */
export interface Finding {
  /** Why the limit does not hold. */
  readonly fault: string | null;
  /** What holds instead of what was set. */
  readonly burstKbps: number | null;
}

const fine: Finding = { fault: null, burstKbps: null };
/** tc rounds a bucket's size to its units, and prints whole microseconds of the rate. */
const burstTolerance = 0.03;
const burstToleranceSeconds = 2e-6;

export function deviceKey({ name }: Device, show: 'classes' | 'filters'): string {
  return `${name} ${show}`;
}

export function judge(check: Check, facts: Facts): Finding {
  switch (check.kind) {
    case 'htb':
      return judgeHtb(check, facts.devices.get(deviceKey(check.device, 'classes')) ?? '');
    case 'htbAbsent':
      return absent(
        readHtb(facts.devices.get(deviceKey(check.device, 'classes')) ?? ''),
        `linux-htb is still on ${check.device.name}.`,
      );
    case 'guarantee':
      return judgeGuarantee(check, facts.devices.get(deviceKey(check.device, 'classes')) ?? '');
    case 'guaranteeAbsent':
      return absent(
        readQueue(facts.devices.get(deviceKey(check.device, 'classes')) ?? '', check.queueId),
        `Queue ${check.queueId} is still on ${check.device.name}.`,
      );
    case 'police':
      return judgePolice(check, facts.devices.get(deviceKey(check.device, 'filters')) ?? '');
    case 'policeAbsent':
      return absent(
        readPolice(facts.devices.get(deviceKey(check.device, 'filters')) ?? ''),
        `A police filter is still on ${check.device.name}.`,
      );
    case 'meter':
      return judgeMeter(check, facts.bridges.get(check.bridge));
    case 'meterAbsent':
      return absent(
        facts.bridges.get(check.bridge)?.meters.get(check.meterId),
        `Meter ${check.meterId} is still on bridge ${check.bridge}.`,
      );
    case 'flow':
      return judgeFlow(check, facts.bridges.get(check.bridge));
    case 'flowAbsent':
      return absent(
        facts.bridges.get(check.bridge)?.flows.get(flowKey(check.flow)),
        `A flow of port ${check.flow.match.inPort} is still on bridge ${check.bridge}.`,
      );
    default:
      return unreachable(check);
  }
}

function judgeHtb(check: Extract<Check, { kind: 'htb' }>, text: string): Finding {
  const read = readHtb(text);
  const { name } = check.device;
  if (!read) return fault(`The queue is in the database, and the kernel has none on ${name}.`);
  if (!isAbout(read.rateKbps, check.rateKbps)) {
    return fault(`The queue on ${name} runs at ${read.rateKbps} kbit/s, not ${check.rateKbps}.`);
  }
  const root = readRoot(text);
  if (!root) return fault(unshared(name));
  if (root.maxKbps >= check.rateKbps || isAbout(root.maxKbps, check.rateKbps)) {
    return burstFinding(read.burstKbps, check.burstKbps, check.rateKbps);
  }
  return fault(`All of ${name} is held to ${root.maxKbps} kbit/s, below ${check.rateKbps}.`);
}

function judgeGuarantee(check: Extract<Check, { kind: 'guarantee' }>, text: string): Finding {
  const { device, queueId, minKbps, maxKbps } = check;
  const read = readQueue(text, queueId);
  if (!read) {
    return fault(`Queue ${queueId} is in the database, and the kernel has none on ${device.name}.`);
  }
  if (!isAbout(read.minKbps, minKbps) || !isAbout(read.maxKbps, maxKbps)) {
    const [is, should] = [read, check].map((of) => `${of.minKbps} to ${of.maxKbps} kbit/s`);
    return fault(`Queue ${queueId} on ${device.name} runs at ${is}, not at ${should}.`);
  }
  return judgeSharing(check, text);
}

/** What others send leaves by queue 0; beside the queues, or faster than the link, it would take what is guaranteed. */
function judgeSharing(
  { device: { name }, maxKbps }: Extract<Check, { kind: 'guarantee' }>,
  text: string,
): Finding {
  const [root, others] = [readRoot(text), readQueue(text, 0)];
  if (!root) return fault(unshared(name));
  if (!others)
    return fault(`What others send by ${name} passes no queue: the kernel has no queue 0.`);
  if (isAbout(root.maxKbps, maxKbps) && isAbout(others.maxKbps, maxKbps)) return fine;
  return fault(
    `All queues on ${name} share ${root.maxKbps} kbit/s and others get ${others.maxKbps}, not ${maxKbps}.`,
  );
}

const unshared = (name: string): string =>
  `The class that all queues on ${name} share is gone from the kernel.`;

function judgePolice(check: Extract<Check, { kind: 'police' }>, text: string): Finding {
  const read = readPolice(text);
  const { name } = check.device;
  if (!read) return fault(`Policing is in the database, and the kernel has no filter on ${name}.`);
  if (!read.drops) return fault(`The police filter on ${name} drops nothing: ${text.trim()}`);
  const holds =
    isAbout(read.rateKbps, check.rateKbps) &&
    isAbout(read.rateKpps, check.rateKpps) &&
    isAbout(read.burstKpps, check.burstKpps);
  if (!holds) return fault(`The police filter on ${name} has another rate: ${text.trim()}`);
  return burstFinding(read.burstKbps, check.burstKbps, check.rateKbps);
}

function burstFinding(
  readKbps: number | null,
  setKbps: number | null,
  rateKbps: number | null,
): Finding {
  if (readKbps === null || setKbps === null) return fine;
  const tolerated = setKbps * burstTolerance + (rateKbps ?? 0) * burstToleranceSeconds;
  const isOff = Math.abs(readKbps - setKbps) > tolerated;
  return isOff ? { fault: null, burstKbps: Math.round(readKbps) } : fine;
}

function judgeMeter(
  { bridge, meter }: Extract<Check, { kind: 'meter' }>,
  contents: BridgeContents | undefined,
): Finding {
  const read = contents?.meters.get(meter.id);
  if (!read) return fault(`Bridge ${bridge} has no meter ${meter.id}.`);
  return sameMeter(read, meter) ? fine : fault(`Meter ${meter.id} of bridge ${bridge} differs.`);
}

function judgeFlow(
  { bridge, flow }: Extract<Check, { kind: 'flow' }>,
  contents: BridgeContents | undefined,
): Finding {
  const read = contents?.flows.get(flowKey(flow));
  const where = `for port ${flow.match.inPort} of bridge ${bridge}`;
  if (!read) return fault(`There is no flow ${where}.`);
  return sameFlow(read, flow) ? fine : fault(`The flow ${where} differs.`);
}

function absent(read: unknown, sentence: string): Finding {
  return read ? fault(sentence) : fine;
}

function fault(sentence: string): Finding {
  return { fault: sentence, burstKbps: null };
}
