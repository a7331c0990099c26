import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Desired } from '../../../../agent/drivers/driver.ts';
import type { Uuid } from '../../../../agent/ovsdb/notation.ts';
import { eventually } from '../../../support/eventually.ts';
import { type Guest, startSwitch, type TestSwitch } from '../../../support/ovs.ts';
import { desire, resultFor, startDriver, type TestDriver } from './fixture.ts';

let ovs: TestSwitch;
let guest: Guest;
let other: Guest;

beforeEach(async () => {
  ovs = await startSwitch();
  await ovs.addBridge('br0');
  guest = await ovs.addPort({ bridge: 'br0' });
  other = await ovs.addPort({ bridge: 'br0' });
});
afterEach(() => ovs?.stop());

const limited = { EGRESS: { maxKbps: 10_000 }, INGRESS: { maxKbps: 10_000 } };

async function planNow({ driver }: TestDriver, desired: Desired) {
  const observed = await eventually(async () => (await driver.observe()) ?? Promise.reject());
  return driver.plan(desired, observed);
}

describe('when somebody else is faster than the plan', () => {
  it('a QoS that came meanwhile stops the whole transaction, and stays', async () => {
    await using test = startDriver(ovs);
    const plan = await planNow(test, desire({ [guest.portId]: limited, [other.portId]: limited }));
    await ovs.vsctl(
      ...['set', 'Port', guest.interfaceName, 'qos=@qos', '--', '--id=@qos', 'create', 'QoS'],
      'type=linux-hfsc',
    );
    await expect(test.driver.apply(plan)).rejects.toMatchObject({ kind: 'conflict' });
    expect((await ovs.vsctl('--bare', '--columns=type', 'list', 'QoS')).trim()).toBe('linux-hfsc');

    const results = await test.enforce(
      desire({ [guest.portId]: limited, [other.portId]: limited }),
    );
    expect(resultFor(results, guest.portId, 'INGRESS')?.message).toMatch(/type linux-hfsc/);
    expect(resultFor(results, other.portId, 'INGRESS')?.status).toBe('APPLIED');
  });

  it('a meter that came under the chosen id is never taken for Sluice’s', async () => {
    await using test = startDriver(ovs);
    const desired = desire({ [guest.portId]: { EGRESS: { maxKbps: 10_000 } } });
    const plan = await planNow(test, desired);
    await ovs.ofctl('add-meter', 'br0', 'meter=131073,kbps,band=type=drop,rate=777');
    await expect(test.driver.apply(plan)).rejects.toThrow(/Meter 131073 .* somebody else's/);
    expect(await ovs.vsctl('get', 'Bridge', 'br0', 'external_ids')).not.toContain('sluice');

    // The next look comes within the second: then the meter is known, and another id is taken.
    const results = await test.enforce(desired);
    expect(resultFor(results, guest.portId, 'EGRESS')?.status).toBe('APPLIED');
    expect(await ovs.ofctl('dump-meters', 'br0')).toMatch(
      /meter=131073 kbps bands=\s+type=drop rate=777/,
    );
    await test.enforce(desire({}));
    expect(await ovs.ofctl('dump-meters', 'br0')).toContain('meter=131073');
  });
});

describe('what the switch refuses', () => {
  it('fails alone: the other ports of the plan go on', async () => {
    await using test = startDriver(ovs);
    await test.enforce(desire({ [guest.portId]: limited, [other.portId]: limited }));
    const nothing = desire({ [guest.portId]: {}, [other.portId]: {} });
    const plan = await planNow(test, nothing);
    // By now a foreign QoS holds on to the queue of the first: the database will not delete it.
    const qos = await ovs.vsctl('--bare', 'get', 'Port', guest.interfaceName, 'qos');
    const queue = /0=([0-9a-f-]+)/.exec(
      await ovs.vsctl('get', 'QoS', qos.trim(), 'queues'),
    )![1] as Uuid;
    await ovs.vsctl('create', 'QoS', 'type=linux-htb', `queues:0=${queue}`);

    await test.driver.apply(plan);
    const results = await test.driver.readBack(plan);
    expect(resultFor(results, other.portId, 'INGRESS')).toMatchObject({ status: 'APPLIED' });
    const refused = resultFor(results, guest.portId, 'INGRESS');
    expect(refused?.status).toBe('FAILED');
    expect(refused?.message).toMatch(/referential integrity violation/);
    expect((await ovs.vsctl('get', 'Port', other.interfaceName, 'qos')).trim()).toBe('[]');

    const later = await test.enforce(nothing);
    expect(resultFor(later, guest.portId, 'INGRESS')?.status).toBe('APPLIED');
    expect((await ovs.vsctl('get', 'Port', guest.interfaceName, 'qos')).trim()).toBe('[]');
    expect(await ovs.vsctl('list', 'Queue', queue)).toContain(queue);
  });

  it('is said when the bridge does not speak OpenFlow 1.3', async () => {
    await ovs.vsctl('set', 'Bridge', 'br0', 'protocols=OpenFlow10');
    await using test = startDriver(ovs);
    const results = await test.enforce(desire({ [guest.portId]: limited }));
    expect(resultFor(results, guest.portId, 'EGRESS')?.message).toMatch(
      /add OpenFlow13 to its protocols/,
    );
    expect(resultFor(results, guest.portId, 'INGRESS')?.status).toBe('APPLIED');
    await ovs.vsctl('set', 'Bridge', 'br0', 'protocols=OpenFlow10,OpenFlow13');
    await eventually(async () => {
      const mended = await test.enforce(desire({ [guest.portId]: limited }));
      expect(resultFor(mended, guest.portId, 'EGRESS')?.status).toBe('APPLIED');
    });
  });
});
