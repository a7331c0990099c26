import { expect, test } from 'vitest';
import type { ChangeStages } from '../../../src/feed/changeStages.ts';
import { openHostFeed } from '../../../src/services/hostQos.ts';
import { bindPort } from '../../../src/services/ports.ts';
import { createQosRule, updateQosRule } from '../../../src/services/qosRules.ts';
import { admin, agentOf, portId, startServices } from '../../support/services.ts';

test('a change is timed at each stage, from its write to its agent’s word that it is done', async () => {
  await using running = await startServices();
  const { services } = running;
  const agent = agentOf(services, 'h1');
  await agent.heartbeat();
  const port = portId();
  await bindPort(services, admin, { portId: port, host: 'h1' });
  const rule = await createQosRule(services, admin, {
    tenantId: 't1',
    portId: port,
    direction: 'EGRESS',
    maxKbps: 1_000,
  });
  const stop = new AbortController();
  const feed = openHostFeed(services, admin, 'h1', null, stop.signal);
  await feed.next();
  const earlier = await countsOf(services);

  const next = feed.next();
  await updateQosRule(services, admin, { id: rule.id, maxKbps: 2_000 });
  await next;
  // Asking for the step after it says that the socket took this one.
  const waiting = feed.next();
  await agent.report([]);

  const later = await countsOf(services);
  stop.abort();
  await waiting;
  for (const stage of ['commit', 'read', 'send', 'acknowledge']) {
    expect((later[stage] ?? 0) - (earlier[stage] ?? 0), stage).toBe(1);
  }
});

async function countsOf({
  switchboard,
}: {
  readonly switchboard: { readonly stages: ChangeStages };
}): Promise<Record<string, number>> {
  const { values } = await switchboard.stages.histogram.get();
  return Object.fromEntries(
    values
      .filter(({ metricName }) => metricName?.endsWith('_count'))
      .map(({ labels, value }) => [String(labels.stage), value]),
  );
}
