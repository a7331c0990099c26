import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { query } from '../../../../src/db/query.ts';
import type { TestServer } from '../../../support/server.ts';
import { emOf } from '../../../support/services.ts';

/** One tenant's objects and their host: what an operation is asked about. */
export interface Side {
  readonly tenant: string;
  readonly host: string;
  readonly portId: string;
  /** A port that another live host has. */
  readonly neighboursPort: string;
  readonly networkId: string;
  readonly ruleId: string;
  /** A rule for another port. */
  readonly otherRuleId: string;
  readonly agentId: string;
  /** A port of the tenant on the host, without a rule. */
  newPort(): Promise<string>;
  /** For a new port of the tenant, on the host or another one. */
  newRule(at?: string): Promise<string>;
  /** An agent that has been silent for a day. */
  newSilentAgent(): Promise<string>;
  /** Another tenant, with a quota that was set. */
  newQuotasTenant(): Promise<string>;
}

interface Made {
  readonly side: Omit<Side, 'neighboursPort'>;
  /** The token of the host's agent. */
  readonly agent: string;
}

export async function makeSide(
  server: TestServer,
  admin: string,
  tenant: string,
  host: string,
): Promise<Made> {
  const ask = askerOf(server);
  const bind = async (portId: string, at = host, more = '') => {
    const input = `portId: "${portId}", host: "${at}", tenantId: "${tenant}"${more}`;
    await ask(admin, `mutation { bindPort(input: { ${input} }) { port { id } } }`);
    return portId;
  };
  const makeRule = async (input: string) => {
    const text = `mutation { createQosRule(input: { ${input} }) { qosRule { id } } }`;
    return (await ask<{ createQosRule: { qosRule: { id: string } } }>(admin, text)).createQosRule
      .qosRule.id;
  };
  const newPort = () => bind(randomUUID());
  const setQuota = async (of: string) => {
    const input = `tenantId: "${of}", maxRules: 500`;
    await ask(
      admin,
      `mutation { setTenantQuota(input: { ${input} }) { tenantQuota { tenantId } } }`,
    );
    return of;
  };

  const agent = await enrolTwice(server, ask, admin, host);
  const agentId = await beat(ask, agent, host);
  const [portId, networkId] = [randomUUID(), randomUUID()];
  await bind(portId, host, `, networkId: "${networkId}", name: "of a test"`);
  const ruleId = await makeRule(
    `portId: "${portId}", maxKbps: 9, maxBurstKbps: 9, maxKpps: 9, maxBurstKpps: 9, minKbps: 9, dscpMark: 8`,
  );
  const otherRuleId = await makeRule(
    `portId: "${await newPort()}", direction: INGRESS, maxKbps: 9`,
  );
  await ask(
    admin,
    `mutation {
      updateQosRule(input: { id: "${ruleId}", description: "Ours." }) { qosRule { id } }
      updateAgent(input: { id: "${agentId}", description: "In the cold aisle." }) { agent { id } }
    }`,
  );
  await setQuota(tenant);
  await reportAll(ask, agent, host, portId, ruleId);
  await query(
    emOf(server.services),
    sql`update port_bindings set claimed_from = 'compute-0' where port_id = ${portId}`,
  );
  return {
    agent,
    side: {
      ...{ tenant, host, portId, networkId, ruleId, otherRuleId, agentId, newPort },
      newRule: async (at) => makeRule(`portId: "${await bind(randomUUID(), at)}", maxKbps: 9`),
      newSilentAgent: () => silentAgent(server, ask),
      newQuotasTenant: () => setQuota(randomUUID()),
    },
  };
}

type Ask = <Data>(token: string, text: string) => Promise<Data>;

/** Asks in a trace, which a feed then tells of. */
const askerOf =
  ({ url }: TestServer): Ask =>
  async (token, text) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01`,
      },
      body: JSON.stringify({ query: text }),
    });
    const { data, errors } = (await response.json()) as { data: never; errors?: unknown };
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };

/** The token of the host's second credential, renewed; the first one is revoked. */
async function enrolTwice(server: TestServer, ask: Ask, admin: string, host: string) {
  await enrol(server, ask, admin, host);
  const { agentCredentials } = await ask<{ agentCredentials: { nodes: { id: string }[] } }>(
    admin,
    `{ agentCredentials(filter: { host: ["${host}"] }) { nodes { id } } }`,
  );
  const [first] = agentCredentials.nodes;
  await ask(admin, `mutation { revokeCredential(input: { id: "${first?.id}" }) { revokedId } }`);
  const { renewCredential } = await ask<{ renewCredential: { token: string } }>(
    await enrol(server, ask, admin, host),
    'mutation { renewCredential { token } }',
  );
  return renewCredential.token;
}

async function enrol({ url }: TestServer, ask: Ask, admin: string, host: string): Promise<string> {
  const { createEnrolmentToken } = await ask<{ createEnrolmentToken: { token: string } }>(
    admin,
    `mutation { createEnrolmentToken(input: { host: "${host}" }) { token } }`,
  );
  const response = await fetch(`${url}/enrol`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${createEnrolmentToken.token}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ host, exchange: `exchange ${randomUUID()}` }),
  });
  return ((await response.json()) as { token: string }).token;
}

async function silentAgent(server: TestServer, ask: Ask): Promise<string> {
  const host = `silent-${randomUUID()}`;
  const id = await beat(ask, await server.token({ role: 'agent', host }), host);
  await query(
    emOf(server.services),
    sql`update agents set heartbeat_at = now() - interval '1 day' where id = ${id}`,
  );
  return id;
}

async function beat(ask: Ask, token: string, host: string): Promise<string> {
  const { agentHeartbeat } = await ask<{ agentHeartbeat: { agent: { id: string } } }>(
    token,
    `mutation { agentHeartbeat(input: { host: "${host}", binary: "b", agentType: "t", version: "1",
      startFlag: true, configurations: { driver: "ovs" } }) { agent { id } } }`,
  );
  return agentHeartbeat.agent.id;
}

/** All that an agent can say of its host. */
async function reportAll(ask: Ask, token: string, host: string, portId: string, ruleId: string) {
  const { hostQos } = await ask<{ hostQos: { to: string } }>(
    token,
    `{ hostQos(host: "${host}") { to } }`,
  );
  const place = `portId: "${portId}", direction: EGRESS, ruleId: "${ruleId}"`;
  await ask(
    token,
    `mutation {
      reportPorts(input: { host: "${host}", complete: false,
        plugged: [{ portId: "${portId}", interfaceName: "tap0" }] }) { accepted }
      reportQos(input: { host: "${host}", to: "${hostQos.to}", results: [
        { ${place}, ruleVersion: 2, status: DEGRADED, message: "Less than asked.",
          programmed: { mechanism: "openflow_meter", maxKbps: 8, maxBurstKbps: 8, maxKpps: 8,
            maxBurstKpps: 8, minKbps: 8, dscpMark: 8 } },
        { portId: "${portId}", direction: INGRESS, status: FAILED, message: "It is stuck." }] }) { accepted }
      reportUsage(input: { host: "${host}", usage: [{ ${place}, bytes: 1, packets: 1, droppedBytes: 1,
        droppedPackets: 1, countedMs: 1 }] }) { accepted }
    }`,
  );
}
