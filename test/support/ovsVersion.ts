import { run } from '../../scripts/lab/command.ts';

/** Of this machine, "3.1.0". */
export const ovsVersion = await readVersion();

/** ovs NEWS: from 3.2 on a queue's rate has 64 bits; before, what is more than 32 bits of bytes a second wraps. */
export const queueMostKbps = isAtLeast(3, 2) ? Number.POSITIVE_INFINITY : 34_359_738;

function isAtLeast(wantedMajor: number, wantedMinor: number): boolean {
  const [major = 0, minor = 0] = ovsVersion.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

async function readVersion(): Promise<string> {
  const printed = await run('ovs-vswitchd', ['--version']);
  const [, version] = /Open vSwitch\) (\d+\.\d+\.\d+)/.exec(printed) ?? [];
  if (!version) throw new Error(`ovs-vswitchd names no version: ${printed}`);
  return version;
}
