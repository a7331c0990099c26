import { randomUUID } from 'node:crypto';

export interface Announced {
  readonly baseUrl: string;
  readonly adminToken: string;
  /** The switch of this host's agent, or why there is no agent. */
  readonly agent: string;
}

/** What the user reads when everything runs; the command in it works as it stands. */
export function announcement({ baseUrl, adminToken, agent }: Announced): string {
  return `
Sluice runs.

  GraphiQL   ${baseUrl}/graphql
  Token      ${adminToken} (administrator; in GraphiQL a header: {"authorization": "Bearer …"})
  Agent      ${agent}

Create the first rule, 10 Mbit/s for what a port sends:

${firstRule(baseUrl, adminToken)}

Ctrl-C stops it.
`;
}

function firstRule(baseUrl: string, adminToken: string): string {
  const input = `{ tenantId: "demo", portId: "${randomUUID()}", direction: EGRESS, maxKbps: 10000 }`;
  const fields = '{ id portId direction maxKbps version }';
  const query = `mutation { createQosRule(input: ${input}) { qosRule ${fields} } }`;
  return [
    `curl -sS ${baseUrl}/graphql`,
    `-H "authorization: Bearer $(cat '${adminToken.replaceAll("'", "'\\''")}')"`,
    `-H 'content-type: application/json'`,
    `-d '${JSON.stringify({ query })}'`,
  ].join(' ');
}
