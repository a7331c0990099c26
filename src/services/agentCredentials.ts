import { randomUUID } from 'node:crypto';
import type { Cursor, MikroORM } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { Bulk } from '../../lib/bulk.ts';
import { query } from '../db/query.ts';
import { isUnavailable } from '../db/unavailable.ts';
import { type Actor, type EnrolledToken, requireRole } from '../domain/actor.ts';
import { badInput, notFound, refuse, refuseIfAny } from '../domain/errors.ts';
import { judgeToken, type Rotation } from '../domain/rotation.ts';
import { bounds, listFault } from '../domain/text.ts';
import { AgentCredential } from '../entities/AgentCredential.ts';
import { audit, auditCounted } from './audit.ts';
import type { IssuedCredential } from './enrolment.ts';
import { type Page, pageOptions } from './paging.ts';
import type { Services } from './services.ts';
import { system } from './system.ts';
import { inTransaction, type Write } from './write.ts';

type AgentActor = Extract<Actor, { role: 'agent' }>;

interface KnownCredential extends Rotation {
  readonly id: string;
  readonly revoked: boolean;
}

/** Looks credentials up for many agents at once: a fleet comes back together. */
export const credentialLookup = ({ em }: MikroORM) =>
  new Bulk<string, KnownCredential | undefined>({
    write: async (ids) => {
      const rows = await readCredentials(em.fork(), ids);
      const known = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => known.get(id));
    },
    most: 200,
    gatherMs: 2,
    concernsAll: isUnavailable,
  });

const readCredentials = (em: Write['em'], ids: readonly string[], lock = sql``) =>
  query(
    em,
    sql<KnownCredential>`
      select id, current, previous, revoked_at is not null as revoked,
        (extract(epoch from now() - seen_at) * 1000)::float8 as "seenMsAgo"
      from agent_credentials where id = any (${ids}::uuid[]) ${lock}`,
  );

/** Lets an enrolled host's token in. One that was replaced and comes again shows a copy: nobody comes in with that credential any more. */
export async function admitEnrolled(
  services: Services,
  lookup: ReturnType<typeof credentialLookup>,
  actor: AgentActor,
  token: EnrolledToken,
): Promise<void> {
  const known = await lookup.add(token.credentialId);
  if (!known)
    throw refuse('UNAUTHENTICATED', "The host's credential is not one that this server knows.");
  if (known.revoked)
    throw refuse('UNAUTHENTICATED', "The host's credential was revoked: enrol the host again.");
  const shown = judgeToken(known, token.id);
  if (shown === 'previous' || (shown === 'newest' && known.previous === null)) return;
  if (shown === 'newest') return inTransaction(services, actor, (write) => see(write, token));
  if (shown === 'late')
    throw refuse('UNAUTHENTICATED', 'The token was renewed a moment ago: read it again.');
  await inTransaction(services, actor, (write) => revokeCopied(write, actor, token));
  throw refuse(
    'UNAUTHENTICATED',
    'The token was renewed before, so this is a copy of it: the credential is revoked. Enrol the host again.',
  );
}

/** The agent has the newest: the one before is worth nothing any more, also on sockets that it opened. */
async function see({ em }: Write, { id, credentialId }: EnrolledToken): Promise<void> {
  await query(
    em,
    sql`
      with seen as (
        select id, previous, expires_at from agent_credentials
        where id = ${credentialId} and current = ${id} and previous is not null for update
      ), replaced as (
        insert into revoked_tokens (id, expires_at) select previous::text, expires_at from seen on conflict do nothing
      )
      update agent_credentials c set previous = null, seen_at = now() from seen where c.id = seen.id`,
  );
}

async function revokeCopied(
  write: Write,
  { host }: AgentActor,
  { credentialId }: EnrolledToken,
): Promise<void> {
  const reason = 'A token of it was shown after it had been renewed: there is a copy.';
  if (!(await revoke(write, credentialId, reason))) return;
  await audit(write, [
    {
      action: 'credential.copied',
      objectId: credentialId,
      tenantId: null,
      before: { host },
      after: { reason },
    },
  ]);
}

/** False: it was revoked already, or is none. */
async function revoke({ em }: Pick<Write, 'em'>, id: string, reason: string): Promise<boolean> {
  const rows = await query(
    em,
    sql`
      with revoked as (
        update agent_credentials set revoked_at = now(), revoked_reason = ${reason}
        where id::text = ${id} and revoked_at is null returning id
      )
      insert into revoked_tokens (id) select id::text from revoked on conflict do nothing returning id`,
  );
  return rows.length > 0;
}

/**
 * A new token for the host's credential. The one that asks stays good until the new one is seen: an answer that
 * is lost, or not saved, costs nothing. Asking twice makes the first answer void.
 */
export async function renewCredential(services: Services, actor: Actor): Promise<IssuedCredential> {
  if (actor.role !== 'agent' || !actor.enrolled) {
    throw badInput('', 'Only a credential that was made by enrolling renews itself.');
  }
  const { host, enrolled } = actor;
  const { credentialId } = enrolled;
  const lifetimeMs = services.settings.agentCredentialMs;
  const id = randomUUID();
  await inTransaction(services, actor, async (write) => {
    const [known] = await readCredentials(write.em, [credentialId], sql`for update`);
    if (
      !known ||
      known.revoked ||
      !['newest', 'previous'].includes(judgeToken(known, enrolled.id))
    ) {
      throw refuse('UNAUTHENTICATED', 'The token was renewed before: connect with the newest.');
    }
    await query(
      write.em,
      sql`update agent_credentials set current = ${id}, previous = ${enrolled.id}, renewed_at = now(),
        expires_at = now() + ${lifetimeMs} * interval '1 millisecond' where id = ${credentialId}`,
    );
    await auditCounted(write, [
      {
        action: 'credential.renewed',
        objectId: credentialId,
        tenantId: null,
        before: null,
        after: { host },
      },
    ]);
  });
  return { token: await services.tokens.agent({ id, credentialId, host }, lifetimeMs), lifetimeMs };
}

/** Enrolled hosts' credentials, by host. */
export async function listCredentials(
  { emFor }: Services,
  actor: Actor,
  hosts: readonly string[] | null | undefined,
  page: Page,
): Promise<Cursor<AgentCredential>> {
  requireRole(actor, ['admin'], 'Listing credentials');
  refuseIfAny(listFault('filter.host', hosts, bounds.filterValues));
  const order = [{ host: 'asc' as const }, { id: 'asc' as const }];
  const where = hosts ? { host: { $in: [...hosts] } } : {};
  return emFor(actor).findByCursor(AgentCredential, { where, ...pageOptions(page, order) });
}

/** Lets a credential in no more, whatever opened it: an enrolled host's, an enrolment token, or any token by its id. */
export async function revokeCredential(
  services: Services,
  actor: Actor,
  id: string,
): Promise<string> {
  requireRole(actor, ['admin'], 'Revoking a credential');
  if (!isRevocable(id)) throw notFound('credential', id, 'id');
  await inTransaction(services, actor, (write) => revokeById(write, id));
  return id;
}

export async function revokeById(write: Pick<Write, 'em' | 'actor'>, id: string): Promise<void> {
  await revoke(write, id, 'An administrator revoked it.');
  await query(write.em, sql`insert into revoked_tokens (id) values (${id}) on conflict do nothing`);
  await audit(write, [
    { action: 'credential.revoked', objectId: id, tenantId: null, before: null, after: null },
  ]);
}

/** Forgets revoked tokens whose time is over: they are refused for that. */
export async function forgetExpired({ emFor }: Services): Promise<void> {
  await query(emFor(system), sql`delete from revoked_tokens where expires_at < now()`);
}

/** A token's id, or what a client's certificate is called. */
export const isRevocable = (id: string): boolean =>
  /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|certificate:[0-9A-F:]{95})$/.test(id);
