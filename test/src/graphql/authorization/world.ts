import { randomUUID } from 'node:crypto';
import type { Role } from '../../../../src/domain/actor.ts';
import { startServer, type TestServer } from '../../../support/server.ts';
import { makeSide, type Side } from './side.ts';

/** More than the test can ask for in a second. */
const costRates = { admin: 1e9, member: 1e9, reader: 1e9, agent: 1e9 };

/** Two tenants, each on a host of its own, with something in every field of the API; and what never was. */
export interface World {
  readonly server: TestServer;
  readonly own: Side;
  readonly foreign: Side;
  readonly nothing: Side;
  /** Of `own`: its tenant's, its host's. */
  readonly tokens: Readonly<Record<Role, string>>;
}

export async function makeWorld(): Promise<World> {
  const server = await startServer({
    // Field by field, and as fast as it answers: what an agent may send at all, and how much, are other tests.
    limits: { trustedFor: 'nobody', costRates },
    settings: { portClaims: 'strict' },
  });
  const admin = await server.token({ role: 'admin' });
  const own = await makeSide(server, admin, 'acme-1', 'compute-1');
  const foreign = await makeSide(server, admin, 'globex', 'compute-2');
  return {
    server,
    own: { ...own.side, neighboursPort: foreign.side.portId },
    foreign: { ...foreign.side, neighboursPort: own.side.portId },
    nothing: nothing(),
    tokens: {
      admin,
      member: await server.token({ role: 'member', tenant: own.side.tenant }),
      reader: await server.token({ role: 'reader', tenant: own.side.tenant }),
      agent: own.agent,
    },
  };
}

/** Its names are as long as the others', so that answers differ in nothing else. */
const nothing = (): Side => ({
  ...{ tenant: 'nobody', host: 'compute-9' },
  ...{ portId: randomUUID(), neighboursPort: randomUUID(), networkId: randomUUID() },
  ...{ ruleId: randomUUID(), otherRuleId: randomUUID(), agentId: randomUUID() },
  newPort: async () => randomUUID(),
  newRule: async () => randomUUID(),
  newSilentAgent: async () => randomUUID(),
  newQuotasTenant: async () => randomUUID(),
});
