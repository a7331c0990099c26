import type { EntityManager } from '@mikro-orm/postgresql';
import { PortBinding } from '../entities/PortBinding.ts';
import { QosAgentBinding } from '../entities/QosAgentBinding.ts';

/** Subquery: ids of the ports that live bindings put on one of the hosts. */
export const portsOnHosts = (em: EntityManager, hosts: readonly string[]) =>
  em
    .createQueryBuilder(PortBinding, 'p')
    .select('p.portId')
    .where({ host: { $in: [...hosts] }, removedAt: null });

/** Subquery: hosts that a rule of the tenant is to be enforced on. */
export const hostsOfTenant = (em: EntityManager, tenantId: string) =>
  em.createQueryBuilder(QosAgentBinding, 'v').select('v.host').where({ tenantId });
