import { expect, onTestFinished } from 'vitest';
import type { CreateQosRuleInput } from '../../schema/generated/graphql.ts';
import { eventually } from '../support/eventually.ts';
import { leftovers, nothingLeft } from '../support/readSwitch.ts';
import { measureTcp, measureUdp } from '../support/traffic.ts';
import { type Binding, host, type KernelHost, settledWithinMs } from './kernelHost.ts';
import type { Port } from './kernelSwitch.ts';

/** The rules of one port, as a test makes them, waits for them and takes them away. */
export interface PortRules {
  /** It ends with its test. */
  create(limits: Omit<CreateQosRuleInput, 'tenantId' | 'portId'>): Promise<string>;
  applied(id: string, programmed: object): Promise<Binding>;
  failed(id: string, message: RegExp): Promise<Binding>;
  /** Resolves when nothing is left of any limit of the port's. */
  remove(...ids: readonly string[]): Promise<void>;
}

export function rulesOf(kernelHost: KernelHost, port: Port): PortRules {
  const { ovs } = kernelHost;
  /** The rows and the kernel: what is left of limits in each. */
  const everythingLeft = async () => {
    const [rows, columns, filters, classes] = await Promise.all([
      leftovers(ovs, 'br0'),
      ovs.vsctl('get', 'Interface', port.interfaceName, ...policingColumns),
      ovs.tc('filters', port.interfaceName),
      ovs.tc('classes', port.interfaceName),
    ]);
    return { ...rows, columns: columns.split('\n').filter(Boolean), filters, classes };
  };
  return {
    create: async (limits) => {
      const id = await kernelHost.create(port, limits);
      // For a test that did not come so far: the next one needs the port.
      onTestFinished(() => kernelHost.remove(id));
      return id;
    },
    applied: (id, programmed) =>
      kernelHost.binding(id, (binding) =>
        expect(binding).toMatchObject({ host, status: 'APPLIED', programmed }),
      ),
    failed: (id, message) =>
      kernelHost.binding(id, (binding) =>
        expect(binding).toMatchObject({
          status: 'FAILED',
          message: expect.stringMatching(message),
          programmed: null,
        }),
      ),
    remove: async (...ids) => {
      await Promise.all(ids.map(kernelHost.remove));
      await eventually(async () => expect(await everythingLeft()).toEqual(nothing), {
        timeoutMs: settledWithinMs,
      });
    },
  };
}

const policingColumns = ['ingress_policing_rate', 'ingress_policing_kpkts_rate'];
const nothing = { ...nothingLeft, columns: ['0', '0'], filters: '', classes: '' };

/** Where nobody set a burst, TCP reaches more than 80 % of the limit. */
export async function expectServed(from: Port, to: Port, maxMbps: number): Promise<void> {
  const mbps = await measureTcp({ from, to, seconds: 6, notCountedMs: 2_000 });
  console.log(`${from.netns} to ${to.netns}: TCP reaches ${mbps.toFixed(2)} of ${maxMbps} Mbit/s.`);
  expect(mbps).toBeGreaterThan(maxMbps * 0.8);
  // The rest of the bucket, four fifths of a second, may pass within the four that count.
  expect(mbps).toBeLessThan(maxMbps * 1.25);
}

/** The limit is never passed; that all of it can be had shows once the emulated processor had the time to offer it. */
export async function expectHeld(from: Port, to: Port, maxMbps: number): Promise<void> {
  let mbps = 0;
  for (let attempt = 1; attempt <= 3 && mbps < maxMbps * 0.85; attempt += 1) {
    // No more is offered than it takes: each packet costs an emulated processor time.
    mbps = await measureUdp({ from, to, offeredMbps: maxMbps * 2 });
    console.log(
      `${from.netns} to ${to.netns}: ${mbps.toFixed(2)} of ${maxMbps.toFixed(2)} Mbit/s.`,
    );
    expect(mbps).toBeLessThan(maxMbps * 1.15);
  }
  expect(mbps).toBeGreaterThan(maxMbps * 0.85);
}
