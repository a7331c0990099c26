import { UserError } from '../../lib/errors.ts';
import { sleep } from '../../lib/retry.ts';
import {
  type BindingFieldsFragment as Binding,
  CreateQosRuleDocument,
  type Direction,
  QosRuleDocument,
} from '../../schema/generated/graphql.ts';
import type { Guest } from '../lab/guest.ts';
import { measureTcp, measureUdp } from '../lab/traffic.ts';
import { isHeld, type Measured, table } from './figures.ts';
import type { Ask } from './graphql.ts';

export interface Scene {
  readonly ask: Ask;
  readonly guest: Guest;
  readonly peer: Guest;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

const limitMbps: Readonly<Record<Direction, number>> = { EGRESS: 10, INGRESS: 20 };
const offeredMbps = 60;
const directions = ['EGRESS', 'INGRESS'] as const;
const settleTimeoutMs = 60_000;

/** Measures, makes one rule a direction, waits until the agent has read both back, measures again. True: the limits held. */
export async function tellStory(scene: Scene): Promise<boolean> {
  const { guest, peer, say } = scene;
  say(`Two guests on a switch: ${guest.address} (port ${guest.portId}) and ${peer.address}.`);
  say('Before any rule:');
  say(table(await measure(scene)));

  say('Rules made through GraphQL:');
  for (const direction of directions) say(await limitAndWait(scene, direction));

  say('With the rules:');
  const after = await measure(scene);
  say(table(after, limitMbps));
  const held = isHeld(after, limitMbps);
  say(held ? 'The limits held: UDP within 10 % of each rule.' : 'The limits did NOT hold.');
  return held;
}

async function measure({ guest, peer, signal }: Scene): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const direction of directions) {
    const [from, to] = direction === 'EGRESS' ? [guest, peer] : [peer, guest];
    const between = { from, to, signal };
    const udpMbps = await measureUdp({ ...between, offeredMbps });
    const tcpMbps = await measureTcp(between);
    measured.push({ direction, offeredMbps, udpMbps, tcpMbps });
  }
  return measured;
}

/** Creates the rule and resolves with what the agent did about it. */
async function limitAndWait(scene: Scene, direction: Direction): Promise<string> {
  const maxKbps = limitMbps[direction] * 1_000;
  const start = performance.now();
  const created = await scene.ask(CreateQosRuleDocument, {
    input: { tenantId: 'demo', portId: scene.guest.portId, direction, maxKbps },
  });
  const binding = await settled(scene, created.createQosRule.qosRule.id);
  const tookMs = Math.round(performance.now() - start);
  const { mechanism = 'unknown' } = binding.programmed ?? {};
  const note = binding.message ? `: ${binding.message}` : '';
  return `  ${direction.padEnd(8)}   ${maxKbps} kbit/s   ${binding.status} by ${mechanism} after ${tookMs} ms${note}`;
}

async function settled({ ask, signal }: Scene, id: string): Promise<Binding> {
  const deadline = performance.now() + settleTimeoutMs;
  for (;;) {
    const { qosRule } = await ask(QosRuleDocument, { id });
    const binding = qosRule?.bindings[0];
    if (binding?.status === 'APPLIED' || binding?.status === 'DEGRADED') return binding;
    if (binding?.status === 'FAILED') {
      throw new UserError(`The agent could not apply the rule: ${binding.message}`);
    }
    if (performance.now() > deadline) {
      throw new UserError(`The rule is ${binding?.status ?? 'on no host'} after a minute.`);
    }
    signal.throwIfAborted();
    await sleep(10, signal);
  }
}
