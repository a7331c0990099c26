import {
  CompleteAgentsDocument,
  CompleteCredentialsDocument,
  CompletePortsDocument,
  CompleteRulesDocument,
} from '../../schema/generated/graphql.ts';
import type { Client } from '../client/client.ts';
import { maxPage } from '../client/pages.ts';
import type { Candidate } from './candidates.ts';

/** A shell waits for this: better nothing than late. */
const patienceMs = 1_500;

/** What the server knows under a placeholder's name; one page of it is enough to choose from. */
export async function liveCandidates(client: Client, name: string): Promise<Candidate[]> {
  const variables = { first: maxPage };
  const signal = AbortSignal.timeout(patienceMs);
  switch (name) {
    case 'rule-id': {
      const { qosRules } = await client.request(CompleteRulesDocument, variables, signal);
      return qosRules.nodes.map(({ id, direction, portId, tenantId }) => ({
        word: id,
        description: `${direction} of port ${portId}, tenant ${tenantId}`,
      }));
    }
    case 'host':
    case 'agent': {
      const { agents } = await client.request(CompleteAgentsDocument, variables, signal);
      return agents.nodes.map(({ host, alive }) => ({
        word: host,
        description: alive ? 'alive' : 'not alive',
      }));
    }
    case 'credential-id': {
      const { agentCredentials } = await client.request(
        CompleteCredentialsDocument,
        variables,
        signal,
      );
      return agentCredentials.nodes
        .filter(({ revokedAt }) => revokedAt === null)
        .map(({ id, host }) => ({ word: id, description: `of host ${host}` }));
    }
    case 'port-id':
    case 'network-id':
    case 'tenant': {
      const { ports } = await client.request(CompletePortsDocument, variables, signal);
      return portCandidates(name, ports.nodes);
    }
    default:
      return [];
  }
}

interface Port {
  readonly id: string;
  readonly name: string | null;
  readonly tenantId: string | null;
  readonly networkId: string | null;
}

function portCandidates(
  name: 'port-id' | 'network-id' | 'tenant',
  ports: readonly Port[],
): Candidate[] {
  if (name === 'port-id') {
    return ports.map((port) => ({
      word: port.id,
      description: [port.name, port.tenantId && `tenant ${port.tenantId}`]
        .filter((part) => part !== null)
        .join(', '),
    }));
  }
  const field = name === 'tenant' ? 'tenantId' : 'networkId';
  const words = new Set(ports.map((port) => port[field]).filter((word) => word !== null));
  return [...words].map((word) => ({ word, description: '' }));
}
