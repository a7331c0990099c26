import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadLastGood } from '../../agent/lastGood.ts';
import { CreateQosRuleDocument, UpdateQosRuleDocument } from '../../schema/generated/graphql.ts';
import { eventually } from '../support/eventually.ts';
import { type HostLab, startHostLab } from '../support/hostLab.ts';
import type { Guest, TestSwitch } from '../support/ovs.ts';
import type { Program } from '../support/program.ts';
import { readSwitch } from '../support/readSwitch.ts';
import type { System } from '../support/system.ts';

const host = 'host-d';
const quick = { timeoutMs: 20_000 };
let lab: HostLab;
let ovs: TestSwitch;
let system: System;
let guest: Guest;
let disk: string;
let ruleId: string;
/** What the rule asks for now. */
let kbps = 10_000;

beforeAll(async () => {
  lab = await startHostLab();
  ({ ovs, system } = lab);
  guest = await ovs.addPort({ bridge: 'br0' });
  disk = await mkdtemp('/tmp/sluice-disk-');
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]);
  const rule = {
    tenantId: 't',
    portId: guest.portId,
    direction: 'INGRESS',
    maxKbps: kbps,
  } as const;
  ruleId = (await system.request(CreateQosRuleDocument, { input: rule })).createQosRule.qosRule.id;
});
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
  if (disk) {
    execFileSync('umount', [disk]);
    await rm(disk, { recursive: true });
  }
});

function startAgent(port?: number): Promise<Program> {
  return system.startAgent({ host, ovs, ...(port && { port }), settings: { SLUICE_DATA: disk } });
}

const saved = () => join(disk, 'agent', 'last-known-good.json');

function change(maxKbps: number) {
  return system.request(UpdateQosRuleDocument, { input: { id: ruleId, maxKbps } });
}

async function heldTo(maxKbps: number): Promise<void> {
  expect((await readSwitch(ovs, 'br0')).get(guest.portId)?.ingressKbps).toBe(maxKbps);
}

async function savedKbps(): Promise<number | null | undefined> {
  const loaded = await loadLastGood({ path: saved(), host });
  if (loaded.kind !== 'loaded') throw new Error(`Nothing is saved: ${JSON.stringify(loaded)}`);
  return loaded.desired.ports.get(guest.portId)?.ingress?.maxKbps;
}

async function savedWith(maxKbps: number): Promise<void> {
  expect(await savedKbps()).toBe(maxKbps);
}

/** An earlier state is there, whole. */
async function savedBefore(maxKbps: number): Promise<void> {
  expect(await savedKbps()).toBeLessThan(maxKbps);
}

test('A full disk holds no limit back; what was asked meanwhile is written once there is room', async () => {
  await using agent = await startAgent();
  await eventually(() => savedWith(kbps), quick);
  const filler = join(disk, 'filler');
  await expect(writeFile(filler, Buffer.alloc(1024 * 1024))).rejects.toThrow('ENOSPC');

  // The rest of the journal's last page takes some changes more.
  while (!agent.log.includes('could not be written; limits hold')) {
    kbps += 1_000;
    await change(kbps);
    await eventually(() => heldTo(kbps), quick);
  }

  await savedBefore(kbps);
  await rm(filler);
  await eventually(() => savedWith(kbps), quick);
});

test('A file that is torn, or altered, takes no limit away while the server is away, and is asked for anew when it is back', async () => {
  const whole = await readFile(saved(), 'utf8');
  const nobody = 9;
  for (const spoilt of [
    whole.replace('"maxKbps":', '"maxKbps":1'),
    whole.slice(0, whole.length / 2),
  ]) {
    expect(spoilt).not.toBe(whole);
    await writeFile(saved(), spoilt);
    await using agent = await startAgent(nobody);
    await eventually(() => expect(agent.log).toContain('The last known state is not used.'), quick);
    await eventually(() => expect(agent.log).toContain('Connected to OVSDB.'), quick);
    await heldTo(kbps);
  }
  await change(kbps + 30_000);
  await heldTo(kbps);

  await using _ = await startAgent();

  await eventually(() => heldTo(kbps + 30_000), quick);
  await eventually(() => savedWith(kbps + 30_000), quick);
});
