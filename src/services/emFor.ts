import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { Tenants } from '../db/tenants.ts';
import type { Actor } from '../domain/actor.ts';

/** The one way from who asks to the database: a fresh entity manager that reaches what the actor's role may. */
export type EmFor = (actor: Actor) => EntityManager;

/**
 * A member's or reader's reaches its tenant's rows and no others, even where a statement forgets to ask
 * for them only. An administrator has no bound; what an agent may do, the services decide by its host.
 */
export const entityManagers =
  (orm: MikroORM, tenants: Tenants): EmFor =>
  (actor) => {
    switch (actor.role) {
      case 'admin':
      case 'agent':
        return orm.em.fork();
      case 'member':
      case 'reader':
        return tenants.em(actor.tenantId);
    }
  };
