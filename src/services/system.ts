import type { Actor } from '../domain/actor.ts';

/** Who does what time brings about. */
export const system: Actor = { role: 'admin', subject: 'housekeeping', tenantId: null };
