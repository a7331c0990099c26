import { randomUUID } from 'node:crypto';
import { relative } from 'node:path';

export interface Announced {
  readonly baseUrl: string;
  readonly adminToken: string;
  /** The switch of this host's agent, or why there is no agent. */
  readonly agent: string;
  /** Its settings; null: there is none. */
  readonly agentFile: string | null;
}

/** What the user reads when everything runs; the commands in it work as they stand. */
export function announcement({ baseUrl, adminToken, agent, agentFile }: Announced): string {
  const status =
    agentFile === null
      ? ''
      : `\nLook how the host stands:\n\nnpx sluice-agent --config ${quoted(shown(agentFile))} status\n`;
  return `
Sluice runs.

  GraphiQL   ${baseUrl}/graphql
  Token      ${adminToken} (administrator; in GraphiQL a header: {"authorization": "Bearer …"})
  Agent      ${agent}

Create the first rule, 10 Mbit/s for what a port sends:

${firstRule(baseUrl, adminToken)}

See it, and all that follows:

${operator(baseUrl, adminToken)}npx sluice rule list
${status}
Ctrl-C stops it.
`;
}

const defaultUrl = 'http://127.0.0.1:4000';

/** Where the command line is to look; nothing where it looks there by itself. */
function operator(baseUrl: string, adminToken: string): string {
  const server = baseUrl === defaultUrl ? '' : `SLUICE_SERVER=${baseUrl}/graphql `;
  const file = shown(adminToken);
  return file === 'data/admin.token' ? server : `${server}SLUICE_TOKEN_FILE=${quoted(file)} `;
}

/** As one would type it, in the folder where `npm start` was typed. */
function shown(path: string): string {
  const below = relative(process.cwd(), path);
  return below.startsWith('..') ? path : below;
}

const quoted = (path: string): string =>
  /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;

function firstRule(baseUrl: string, adminToken: string): string {
  const input = `{ tenantId: "demo", portId: "${randomUUID()}", direction: EGRESS, maxKbps: 10000 }`;
  const fields = '{ id portId direction maxKbps version }';
  const query = `mutation { createQosRule(input: ${input}) { qosRule ${fields} } }`;
  return [
    `curl -sS ${baseUrl}/graphql`,
    `-H "authorization: Bearer $(cat ${quoted(adminToken)})"`,
    `-H 'content-type: application/json'`,
    `-d '${JSON.stringify({ query })}'`,
  ].join(' ');
}
