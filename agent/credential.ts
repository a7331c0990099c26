import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import { sleep } from '../lib/retry.ts';
import { readSecretFile } from '../lib/secretFile.ts';
import { RenewCredentialDocument } from '../schema/generated/graphql.ts';
import type { AgentConfig } from './config.ts';
import type { SessionUser } from './connection.ts';
import { loadCredential, type StoredCredential, saveCredential } from './credentialFile.ts';
import { enrol } from './enrol.ts';
import { agentFolder } from './folder.ts';
import { type Patience, persist } from './persist.ts';
import type { Session } from './session.ts';
import { readTls } from './tls.ts';

const credentialPath = (config: AgentConfig): string =>
  join(agentFolder(config), 'credential.json');

/**
 * The token to connect with as it is now: the one set, else the one of this host's enrolment, else agent.token in
 * the data folder. Undefined: there is none, and the client's certificate has to do.
 */
export async function readToken(config: AgentConfig): Promise<string | undefined> {
  const { token, tokenFile, clientCert, data } = config;
  if (token !== undefined) return token;
  if (tokenFile !== undefined) return readTokenFile(tokenFile);
  const stored = await loadCredential(credentialPath(config));
  if (stored?.host === config.host && stored.token !== null) return stored.token;
  try {
    return await readTokenFile(join(data, 'agent.token'));
  } catch (error) {
    if (clientCert !== undefined) return undefined;
    throw error;
  }
}

async function readTokenFile(path: string): Promise<string> {
  try {
    return (await readSecretFile(path, "The agent's token")).trim();
  } catch (error) {
    throw new Error(`The agent's token cannot be read: ${messageOf(error)}`);
  }
}

const digestOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/**
 * Enrols this host where an enrolment token is there that was not used yet: at the first start, and again when an
 * operator has put another one there. The name of the exchange is saved before it is asked for.
 */
export async function ensureEnrolled(config: AgentConfig, server: string): Promise<void> {
  const { enrolTokenFile, host } = config;
  if (enrolTokenFile === undefined) return;
  const path = credentialPath(config);
  const stored = await loadCredential(path);
  const token = await readEnrolmentToken(enrolTokenFile, stored);
  if (token === undefined) return;
  const enrolledBy = digestOf(token);
  const again = stored?.enrolledBy === enrolledBy && stored.host === host ? stored : null;
  if (again?.token != null) return;
  const exchange = again?.exchange ?? randomBytes(32).toString('base64url');
  const begun = { host, token: null, obtainedAtMs: 0, lifetimeMs: 0, exchange, enrolledBy };
  await saveCredential(path, begun);
  const issued = await enrol({ server, token, host, exchange, tls: await readTls(config) });
  await saveCredential(path, { ...begun, ...issued, obtainedAtMs: Date.now() });
}

/** Undefined: it was taken away after it was used, which is as it should be. */
async function readEnrolmentToken(path: string, stored: StoredCredential | null) {
  try {
    return (await readSecretFile(path, 'The enrolment token')).trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && stored?.token != null) return undefined;
    throw error;
  }
}

export interface RenewalOptions {
  readonly config: AgentConfig;
  readonly log: Logger;
  readonly patience: Patience;
  /** Has the next session begin, with the new token. */
  readonly reconnect: () => void;
}

const longestSleepMs = 3_600_000;

/** Renews an enrolled host's credential at about half of its time, long before it ends, and connects anew with it. */
export class Renewal implements SessionUser {
  readonly name = 'renewal';
  readonly #options: RenewalOptions;

  constructor(options: RenewalOptions) {
    this.#options = options;
  }

  async serve(session: Session, signal: AbortSignal): Promise<void> {
    const { config, log, patience } = this.#options;
    const isEnrolled = config.token === undefined && config.tokenFile === undefined;
    // Between 40 and 60 %: a fleet that enrolled together does not renew together.
    const share = 0.4 + Math.random() * 0.2;
    while (!signal.aborted) {
      const stored = isEnrolled
        ? await loadCredential(credentialPath(config)).catch(() => null)
        : null;
      const dueInMs = stored?.token ? untilDue(stored, share) : longestSleepMs;
      if (dueInMs > 0) {
        await sleep(Math.min(dueInMs, longestSleepMs), signal);
        continue;
      }
      const attempt = () => this.#renew(session, stored as StoredCredential);
      await persist(attempt, { what: 'renew the credential', signal, log, patience });
    }
  }

  async #renew(session: Session, stored: StoredCredential): Promise<void> {
    const { config, log, reconnect } = this.#options;
    const { renewCredential } = await session.request(RenewCredentialDocument, {});
    const { token, lifetimeMs } = renewCredential;
    await saveCredential(credentialPath(config), {
      ...stored,
      ...{ token, lifetimeMs, obtainedAtMs: Date.now() },
    });
    log.info({ lifetimeMs }, "Renewed the host's credential.");
    reconnect();
  }
}

/** A clock that was set back makes it due at once. */
function untilDue({ obtainedAtMs, lifetimeMs }: StoredCredential, share: number): number {
  const ageMs = Date.now() - obtainedAtMs;
  return ageMs < 0 ? 0 : lifetimeMs * share - ageMs;
}
