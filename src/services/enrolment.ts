import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { query } from '../db/query.ts';
import { type Actor, requireRole } from '../domain/actor.ts';
import { badInput, refuse, refuseIfAny } from '../domain/errors.ts';
import { textFault } from '../domain/text.ts';
import { audit, auditCounted } from './audit.ts';
import type { Services } from './services.ts';
import { inTransaction, type Write } from './write.ts';

const longestEnrolmentMs = 3_600_000;

export interface EnrolmentToken {
  readonly id: string;
  readonly host: string;
  readonly token: string;
  readonly expiresAt: Date;
}

/** A token by which one host enrols, once, within an hour at most. */
export async function createEnrolmentToken(
  services: Services,
  actor: Actor,
  { host, lifetimeMs = longestEnrolmentMs }: { host: string; lifetimeMs?: number | undefined },
): Promise<EnrolmentToken> {
  requireRole(actor, ['admin'], 'Making an enrolment token');
  refuseIfAny(textFault('host', host));
  if (lifetimeMs < 1_000 || lifetimeMs > longestEnrolmentMs) {
    throw badInput(
      'expiresInSeconds',
      `An enrolment token holds for 1 to 3600 s, not ${lifetimeMs / 1000}.`,
    );
  }
  const made = await inTransaction(services, actor, (write) =>
    writeEnrolment(write, host, lifetimeMs),
  );
  return { ...made, host, token: await services.tokens.enrolment(made.id, host, lifetimeMs) };
}

/** Notes that a token of that id may enrol the host; whoever calls makes the token. */
export async function writeEnrolment(
  write: Pick<Write, 'em' | 'actor'>,
  host: string,
  lifetimeMs: number,
): Promise<{ id: string; expiresAt: Date }> {
  const id = randomUUID();
  const expiresAt = new Date(Date.now() + lifetimeMs);
  await query(
    write.em,
    sql`insert into enrolments (id, host, expires_at) values (${id}, ${host}, ${expiresAt.toISOString()})`,
  );
  await audit(write, [entry('enrolment.created', id, null, { host, expiresAt })]);
  return { id, expiresAt };
}

/** What a host shows when it enrols. */
export interface EnrolmentRequest {
  /** As the token has them. */
  readonly id: string;
  readonly tokenHost: string;
  /** As the agent says. */
  readonly host: string;
  /** Made by the agent and kept until it has its credential: the same again is the same use, whose answer was lost. */
  readonly exchange: string;
  readonly address: string | undefined;
}

export interface IssuedCredential {
  readonly token: string;
  readonly lifetimeMs: number;
}

interface Enrolment {
  readonly expired: boolean;
  readonly revoked: boolean;
  readonly exchange: string | null;
  readonly credentialId: string | null;
  readonly renewed: boolean;
}

/** Exchanges an enrolment token for the host's own credential. What is refused is audited. */
export async function enrol(
  services: Services,
  { id, tokenHost, host, exchange, address }: EnrolmentRequest,
): Promise<IssuedCredential> {
  const actor: Actor = { role: 'agent', subject: id, host: tokenHost, address };
  const token = randomUUID();
  const outcome = await inTransaction(services, actor, async (write) => {
    const enrolment = await lockEnrolment(write, id);
    const fault = faultOf(enrolment, { tokenHost, host, exchange });
    if (fault) {
      await auditCounted(write, [entry('enrolment.refused', tokenHost, null, { host, fault })]);
      return { fault };
    }
    const credentialId = enrolment?.credentialId ?? randomUUID();
    await writeCredential(
      write,
      { id: credentialId, host, token },
      services.settings.agentCredentialMs,
    );
    await query(
      write.em,
      sql`update enrolments set used_at = coalesce(used_at, now()), exchange = ${exchange},
        credential_id = ${credentialId} where id = ${id}`,
    );
    await auditCounted(write, [entry('agent.enrolled', host, null, { credentialId })]);
    return { credentialId };
  });
  if (outcome.fault !== undefined) throw refuse('UNAUTHENTICATED', outcome.fault);
  const lifetimeMs = services.settings.agentCredentialMs;
  const { credentialId } = outcome;
  return {
    token: await services.tokens.agent({ id: token, credentialId, host }, lifetimeMs),
    lifetimeMs,
  };
}

async function lockEnrolment({ em }: Write, id: string): Promise<Enrolment | undefined> {
  const [enrolment] = await query(
    em,
    sql<Enrolment>`
      select e.expires_at <= now() as expired, e.exchange, e.credential_id as "credentialId",
        exists (select 1 from revoked_tokens r where r.id in (e.id::text, e.credential_id::text)) as revoked,
        exists (select 1 from agent_credentials c where c.id = e.credential_id and c.seen_at is not null) as renewed
      from enrolments e where e.id = ${id} for update of e`,
  );
  return enrolment;
}

function faultOf(
  enrolment: Enrolment | undefined,
  asked: Pick<EnrolmentRequest, 'tokenHost' | 'host' | 'exchange'>,
): string | undefined {
  const { tokenHost, host, exchange } = asked;
  if (!enrolment) return 'The enrolment token is not one that this server knows.';
  if (host !== tokenHost) return `The enrolment token is for host ${tokenHost}, not ${host}.`;
  if (enrolment.revoked) return 'The enrolment token was revoked.';
  if (enrolment.expired) return 'The enrolment token has expired: have another one made.';
  const used = enrolment.exchange !== null;
  return used && (enrolment.exchange !== exchange || enrolment.renewed)
    ? 'The enrolment token was used already: it enrols one host, once.'
    : undefined;
}

async function writeCredential(
  { em }: Write,
  { id, host, token }: { id: string; host: string; token: string },
  lifetimeMs: number,
): Promise<void> {
  await query(
    em,
    sql`
      insert into agent_credentials (id, host, current, expires_at)
      values (${id}, ${host}, ${token}, now() + ${lifetimeMs} * interval '1 millisecond')
      on conflict (id) do update set current = excluded.current, expires_at = excluded.expires_at`,
  );
}

const entry = (action: string, objectId: string, before: object | null, after: object) => ({
  ...{ action, objectId, tenantId: null, before, after },
});
