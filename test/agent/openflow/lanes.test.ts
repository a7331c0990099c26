import { expect, test } from 'vitest';
import { connectOpenFlow } from '../../../agent/openflow/client.ts';
import { addFlow } from '../../../agent/openflow/flows.ts';
import { type LaneCommand, Lanes } from '../../../agent/openflow/lanes.ts';
import { addMeter } from '../../../agent/openflow/meters.ts';
import { startSwitch } from '../../support/ovs.ts';

const cookie = 0x51_0000_0000n;
const actions = [{ type: 'resubmit', table: 1 }] as const;

function limit(id: number): LaneCommand[] {
  const flow = { cookie, table: 0, priority: 1, match: { inPort: id }, meter: id, actions };
  return [
    {
      about: id,
      message: () => addMeter({ id, unit: 'kbps', bands: [{ rate: 1_000 + id, burst: 100 }] }),
    },
    { about: id, message: () => addFlow(flow) },
  ];
}

test('commands about the same are dealt with in their order, and each has its own outcome', async () => {
  await using ovs = new AsyncDisposableStack();
  const { addBridge, openflow, stop } = await startSwitch();
  ovs.defer(stop);
  await addBridge('br0');
  await using client = await connectOpenFlow(openflow('br0'));
  const ids = Array.from({ length: 150 }, (_, index) => index + 1);
  const again = limit(7)[0] as LaneCommand;

  await using lanes = await Lanes.open(client, openflow('br0'));

  const errors = await lanes.batch([...ids.flatMap(limit), again]);

  expect(errors.map((error) => error?.code ?? null)).toEqual([
    ...ids.flatMap(() => [null, null]),
    'OFPMMFC_METER_EXISTS',
  ]);
  const { meters, flows } = await client.snapshot({ cookie, mask: 0xff_0000_0000n });
  expect(new Map(meters.map(({ id, bands }) => [id, bands[0]?.rate]))).toEqual(
    new Map(ids.map((id) => [id, 1_000 + id])),
  );
  expect(new Set(flows.map(({ match, meter }) => `${match.inPort} ${meter}`))).toEqual(
    new Set(ids.map((id) => `${id} ${id}`)),
  );
});
