import { print } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CreateQosRuleDocument } from '../../schema/generated/graphql.ts';
import { type Collector, startCollector } from '../support/collector.ts';
import { eventually } from '../support/eventually.ts';
import { type HostLab, startHostLab } from '../support/hostLab.ts';
import type { Guest, TestSwitch } from '../support/ovs.ts';
import type { Program } from '../support/program.ts';
import type { System } from '../support/system.ts';

let lab: HostLab;
let ovs: TestSwitch;
let collector: Collector;
let system: System;
let agent: Program;
let guest: Guest;

beforeAll(async () => {
  collector = await startCollector();
  const settings = { SLUICE_TRACES: collector.url, SLUICE_LOG_LEVEL: 'debug' };
  lab = await startHostLab(settings);
  ({ ovs, system } = lab);
  guest = await ovs.addPort({ bridge: 'br0' });
  agent = await system.startAgent({ host: 'host-t', ovs, settings });
  const text = `{ port(id: "${guest.portId}") { bindings { settled } } }`;
  const settled = { data: { port: { bindings: [{ settled: true }] } } };
  await eventually(async () => expect(await ask(text)).toEqual(settled), { timeoutMs: 15_000 });
});
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
  await collector?.[Symbol.asyncDispose]();
});

test('A change is one trace from the caller’s request through server, agent and switch to its report', async () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const callersSpan = '00f067aa0ba902b7';
  await create(guest.portId, `00-${traceId}-${callersSpan}-01`);

  const spans = await eventually(
    () => {
      const found = collector.spans.filter((span) => span.traceId === traceId);
      expect(found.map(({ service, name }) => `${service}: ${name}`)).toEqual(
        expect.arrayContaining([
          'sluice-server: mutation createQosRule',
          'sluice-server: commit',
          'sluice-server: read feed',
          'sluice-server: send step',
          'sluice-agent: take step',
          'sluice-agent: enforce',
          'sluice-agent: observe',
          'sluice-agent: apply',
          'sluice-agent: read back',
          'sluice-agent: report',
          'sluice-server: mutation reportQos',
          'sluice-server: wait for agent',
        ]),
      );
      return found;
    },
    { timeoutMs: 15_000 },
  );

  const named = (name: string) => spans.find((span) => span.name === name)!;
  const mutation = named('mutation createQosRule');
  expect(mutation.parentSpanId).toBe(callersSpan);
  expect(named('commit').parentSpanId).toBe(mutation.spanId);
  expect(named('enforce').parentSpanId).toBe(mutation.spanId);
  expect(named('apply').parentSpanId).toBe(named('enforce').spanId);
  expect(named('mutation reportQos').parentSpanId).toBe(named('report').spanId);
  // In the order in which they happened, by one machine's clock.
  const order = ['mutation createQosRule', 'take step', 'apply', 'read back', 'report'];
  const starts = order.map((name) => named(name).startMs);
  // OpenTelemetry takes some starts from the clock in whole milliseconds, others in parts of them.
  for (const [index, startMs] of starts.entries()) {
    expect(startMs, order[index]).toBeGreaterThan((starts[index - 1] ?? 0) - 1);
  }
  // What the agent logged of it has the same id.
  expect(agent.log).toMatch(new RegExp(`"traceId":"${traceId}".*hold`));
});

test('A traceparent that is none begins a trace of its own, and agents’ heartbeats begin none', async () => {
  const answer = await create(guest.portId, `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, 'INGRESS');
  expect(answer).toMatchObject({ data: { createQosRule: {} } });
  await eventually(
    () => {
      const roots = collector.spans.filter(
        ({ parentSpanId, name }) => parentSpanId === '' && name !== 'query port',
      );
      expect(roots.map(({ name }) => name)).toEqual(['mutation createQosRule']);
      expect(roots[0]?.traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
    },
    { timeoutMs: 10_000 },
  );
});

const create = (portId: string, traceparent: string, direction = 'EGRESS') => {
  const input = { tenantId: 't', portId, direction, maxKbps: 10_000 };
  return ask(print(CreateQosRuleDocument), { input }, { traceparent });
};

async function ask(query: string, variables = {}, headers = {}): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${system.port}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await system.adminToken()}`,
      ...headers,
    },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}
