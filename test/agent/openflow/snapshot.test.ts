import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectOpenFlow, type OpenFlowClient } from '../../../agent/openflow/client.ts';
import type { Snapshot } from '../../../agent/openflow/snapshot.ts';
import { startSwitch, type TestSwitch } from '../../support/ovs.ts';

const everyCookie = { cookie: 0n, mask: 0n };

let ovs: TestSwitch;
let client: OpenFlowClient;

beforeAll(async () => {
  ovs = await startSwitch();
  await ovs.addBridge('br0');
  await ovs.addPort({ bridge: 'br0' });
  client = await connectOpenFlow(ovs.openflow('br0'));
  await ovs.ofctl('add-meter', 'br0', 'meter=1,kbps,band=type=drop,rate=1000');
  await ovs.ofctl('add-flow', 'br0', 'cookie=0x5,in_port=1,actions=meter:1,normal');
});
afterAll(async () => {
  await client?.close();
  await ovs?.stop();
});

const look = (): Promise<Snapshot> => client.snapshot(everyCookie);

describe('a snapshot of a bridge', () => {
  it('is like a later one, though flows are older and have counted more', async () => {
    const before = await look();
    await ovs.ofctl(
      'packet-out',
      'br0',
      'in_port=1 packet=ffffffffffff0000000000010800 actions=table',
    );
    const after = await look();
    const packets = (snapshot: Snapshot) => snapshot.flows.map((flow) => flow.packets);
    expect(packets(after)).not.toEqual(packets(before));
    expect(after.isLike(before)).toBe(true);
  });

  it.each([
    ['a meter’s rate', ['mod-meter', 'br0', 'meter=1,kbps,band=type=drop,rate=1001']],
    ['another meter', ['add-meter', 'br0', 'meter=2,pktps,band=type=drop,rate=5']],
    ['a flow’s actions', ['mod-flows', 'br0', 'in_port=1,actions=meter:1,in_port']],
    ['a flow’s cookie', ['add-flow', 'br0', 'cookie=0x6,in_port=1,actions=meter:1,in_port']],
    ['another flow', ['add-flow', 'br0', 'priority=7,in_port=1,actions=drop']],
    ['a flow less', ['--strict', 'del-flows', 'br0', 'priority=7,in_port=1']],
  ])('is not like one that shows %s', async (_what, command) => {
    const before = await look();
    await ovs.ofctl(...command);
    expect((await look()).isLike(before)).toBe(false);
  });
});
