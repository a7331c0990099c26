import { connect } from 'node:net';
import type { OpenFlowClient } from '../../../agent/openflow/client.ts';
import { decodeDescription, descriptionRequest } from '../../../agent/openflow/description.ts';
import { addFlow, decodeFlowStats, flowStatsRequest } from '../../../agent/openflow/flows.ts';
import { hello } from '../../../agent/openflow/hello.ts';
import {
  encodeFrame,
  type Frame,
  FrameSplitter,
  type Message,
} from '../../../agent/openflow/message.ts';
import {
  addMeter,
  decodeMeterConfigs,
  decodeMeterFeatures,
  decodeMeterStats,
  meterConfigRequest,
  meterFeaturesRequest,
  meterStatsRequest,
} from '../../../agent/openflow/meters.ts';
import { startSwitch } from '../../support/ovs.ts';

const all = { cookie: 0n, mask: 0n };

/** Every question of the client's, what it sends for it, and how it reads the answer. */
export const questions = [
  {
    ask: (client: OpenFlowClient) => client.description(),
    request: descriptionRequest(),
    read: decodeDescription,
  },
  {
    ask: (client: OpenFlowClient) => client.meterFeatures(),
    request: meterFeaturesRequest(),
    read: decodeMeterFeatures,
  },
  {
    ask: (client: OpenFlowClient) => client.dumpMeters(),
    request: meterConfigRequest(),
    read: decodeMeterConfigs,
  },
  {
    ask: (client: OpenFlowClient) => client.dumpMeterStats(),
    request: meterStatsRequest(),
    read: decodeMeterStats,
  },
  {
    ask: (client: OpenFlowClient) => client.dumpFlows(all),
    request: flowStatsRequest(all),
    read: decodeFlowStats,
  },
] as const;

const commands: readonly Message[] = [
  addMeter({ id: 1, unit: 'kbps', bands: [{ rate: 10_000, burst: 8_000 }] }),
  addMeter({ id: 2, unit: 'pktps', bands: [{ rate: 1, burst: null }] }),
  addFlow({
    ...{ cookie: 7n, table: 0, priority: 9, meter: 1 },
    match: { inPort: 1, ethType: 0x0800, registers: [{ register: 3, value: 1, mask: 1 }] },
    actions: [
      { type: 'loadRegister', register: 3, offset: 0, bits: 1, value: 1 },
      { type: 'setQueue', queueId: 7 },
      { type: 'resubmit', table: 1 },
    ],
  }),
  addFlow({
    ...{ cookie: 7n, table: 0, priority: 8, meter: null },
    match: { inPort: 1, ethType: 0x86dd, ipDscp: 1 },
    actions: [
      { type: 'setIpDscp', dscp: 46 },
      { type: 'output', port: 2 },
    ],
  }),
];

/** What other programs put there, and this one has to pass by. */
const others = [
  'table=0,priority=1,tcp,tp_dst=80,actions=mod_dl_src:00:00:00:00:00:01,NORMAL',
  'table=1,priority=2,ip,nw_src=10.0.0.0/8,actions=ct(commit,zone=5,exec(set_field:1->ct_mark)),goto_table:2',
  'table=2,ip,actions=learn(table=3,priority=1,eth_type=0x800,NXM_OF_IP_DST[]=NXM_OF_IP_SRC[]),write_metadata:0x1/0xff',
  'table=3,ipv6,ipv6_dst=2001:db8::/32,actions=push_vlan:0x8100,set_field:4097->vlan_vid,controller(max_len=128)',
  'table=4,arp,actions=note:01.02.03,clear_actions,write_actions(drop)',
];

/** What a real switch answers to each question. */
export async function recordAnswers(): Promise<readonly (readonly Frame[])[]> {
  await using ovs = await startSwitch();
  await ovs.addBridge('br0');
  await converse(ovs.openflow('br0'), commands, commands.length);
  for (const flow of others) await ovs.ofctl('add-flow', 'br0', flow);
  const found: (readonly Frame[])[] = [];
  for (const { request } of questions)
    found.push(await converse(ovs.openflow('br0'), [request], 1));
  return found;
}

/** Sends messages; every frame that came up to the last one's answer, or its barrier's. */
async function converse(
  path: string,
  messages: readonly Message[],
  last: number,
): Promise<Frame[]> {
  const socket = connect(path);
  socket.write(encodeFrame(0, hello()));
  for (const [index, message] of messages.entries()) socket.write(encodeFrame(index + 1, message));
  socket.write(encodeFrame(last + 1, { type: 20, body: Buffer.alloc(0) }));
  const splitter = new FrameSplitter();
  const frames: Frame[] = [];
  for await (const chunk of socket) {
    frames.push(...splitter.push(chunk as Buffer));
    if (frames.some(({ xid }) => xid === last + 1)) break;
  }
  return frames.filter(({ xid }) => xid > 0 && xid <= last);
}
