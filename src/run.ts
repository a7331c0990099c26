import { readFile } from 'node:fs/promises';
import { messageOf, UserError } from '../lib/errors.ts';
import { type Part, runTogether } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/log.ts';
import { fullJitterMs, sleep } from '../lib/retry.ts';
import { readSecretFile } from '../lib/secretFile.ts';
import { openTracing } from '../lib/traceExport.ts';
import packageJson from '../package.json' with { type: 'json' };
import type { IdentityProviderOptions } from './auth/identityProvider.ts';
import { loadTokenSecret } from './auth/secret.ts';
import { type ServerConfig, secretFileOf } from './config.ts';
import { findDatabase } from './database.ts';
import { checkTenants, migrateUp, pendingMigrations } from './db/migrate.ts';
import { isUnavailable } from './db/unavailable.ts';
import type { TlsFiles, TlsOptions } from './http/tlsFiles.ts';
import { limitsOf } from './limitSettings.ts';
import { warnOfFewFiles } from './openFiles.ts';
import { composeServer } from './server.ts';
import type { Settings } from './services/settings.ts';

/** The server, from its settings until the signal aborts. */
export async function runServer(
  config: ServerConfig,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  await warnOfFewFiles(log);
  const tokenSecret = await loadTokenSecret(secretFileOf(config));
  const tls = await tlsOf(config);
  const { url, embedded } = await findDatabase(config, log);
  const { version } = packageJson;
  const traces = await openTracing(config, { service: 'sluice-server', version });
  const { listen, origins, doorbell, drainMs } = config;
  const server: Part = {
    name: 'server',
    async run(stop) {
      await whenAvailable(() => bringUpToDate(url, config, log), log, stop);
      if (stop.aborted) return;
      const options = {
        databaseUrl: url,
        doorbell,
        tokenSecret,
        identityProvider: providerOf(config),
        listen,
        tls,
        origins,
        drainMs,
        settings: settingsOf(config),
        tracing: traces.tracing,
        limits: limitsOf(config),
        log,
      };
      const { parts } = await composeServer(options);
      await runTogether(parts, stop);
    },
  };
  await runTogether([...traces.parts, ...(embedded ? [embedded] : []), server], signal);
}

function settingsOf(config: ServerConfig): Settings {
  const { agentDownMs, heartbeatMs, auditRetentionDays, agentCredentialMs } = config;
  const { portClaims, portClaimsPerMinute, quotaRules } = config;
  return {
    ...{ agentDownMs, heartbeatMs, auditRetentionDays, agentCredentialMs },
    ...{ portClaims, portClaimsPerMinute, quotaRules },
  };
}

function providerOf(config: ServerConfig): IdentityProviderOptions | undefined {
  const { oidcIssuer: issuer, oidcAudience: audience, oidcRoleClaim, oidcTenantClaim } = config;
  if (issuer === undefined || audience === undefined) return undefined;
  return { issuer, audience, roleClaim: oidcRoleClaim, tenantClaim: oidcTenantClaim };
}

async function tlsOf(config: ServerConfig): Promise<TlsOptions | undefined> {
  const { tlsCert, tlsKey, tlsClientCa, tlsClientRequired: clientRequired } = config;
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  const read = async (): Promise<TlsFiles> => ({
    cert: await readFile(tlsCert),
    key: await readSecretFile(tlsKey, "The key of the server's certificate"),
    clientCa: tlsClientCa === undefined ? undefined : await readFile(tlsClientCa),
  });
  try {
    return { files: await read(), clientRequired, read };
  } catch (error) {
    throw new UserError(`A TLS file cannot be read: ${messageOf(error).replace(/\.$/, '')}.`);
  }
}

async function bringUpToDate(url: string, { migrate }: ServerConfig, log: Logger): Promise<void> {
  if (migrate) {
    const migrations = await migrateUp(url);
    if (migrations.length > 0) log.info({ migrations }, 'Brought the database up to date.');
    return;
  }
  const pending = await pendingMigrations(url);
  if (pending.length > 0) {
    throw new UserError(
      `The database lacks the migrations ${pending.join(', ')}: run "sluice-server migrate up", or start without SLUICE_MIGRATE=false.`,
    );
  }
  await checkTenants(url);
}

const backoff = { baseMs: 200, capMs: 5_000 };

/** Does the work as soon as the database is there, however long that takes. */
async function whenAvailable(
  work: () => Promise<void>,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      log.warn({ reason: messageOf(error) }, 'The database cannot be reached yet; trying again.');
      await sleep(fullJitterMs(attempt, backoff), signal);
    }
  }
}
