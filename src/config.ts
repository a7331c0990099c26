import { join } from 'node:path';
import {
  type ConfigOf,
  type ConfigRule,
  dataSetting,
  logSettings,
  type Sources,
  setting,
  traceSettings,
} from '../lib/config.ts';
import {
  boolean,
  type ConfigType,
  configType,
  integer,
  list,
  listen,
  milliseconds,
  oneOf,
  path,
  text,
  url,
} from '../lib/configTypes.ts';
import { loadConfig } from '../lib/loadConfig.ts';
import { mostRules, unlimited } from './domain/quota.ts';
import { isLoopbackAddress, isLoopbackHost } from './http/loopback.ts';
import { limitSettings } from './limitSettings.ts';
import { defaultSettings } from './services/settings.ts';

export const serverSettings = {
  databaseUrl: setting({
    type: url('postgres', 'postgresql'),
    secret: true,
    help: 'PostgreSQL to use; without it the server runs one of its own in the data folder',
  }),
  migrate: setting({
    type: boolean(),
    default: true,
    help: 'bring the database up to date at start; without it a server refuses to start on an old one',
  }),
  data: dataSetting,
  listen: setting({
    type: listen(),
    default: '127.0.0.1:4000',
    help: 'address of GraphQL, /healthz, /readyz and /metrics',
  }),
  tlsCert: setting({ type: path(), help: 'PEM file with the certificate and its chain' }),
  tlsKey: setting({ type: path(), help: "PEM file with the certificate's key" }),
  tlsClientCa: setting({
    type: path(),
    help: "PEM file with the authority whose certificates agents may show: such a certificate's name is its host",
  }),
  tlsClientRequired: setting({
    type: boolean(),
    default: false,
    help: 'turn away every client without such a certificate, people and programs too',
  }),
  insecure: setting({
    type: boolean(),
    default: false,
    help: 'serve beyond this machine without TLS: tokens can be read on the way',
  }),
  tokenSecretFile: setting({
    type: path(),
    help: 'file with the secret that signs tokens; without it: token.secret in the data folder, made if missing',
  }),
  oidcIssuer: setting({
    type: url('https', 'http'),
    help: 'identity provider whose tokens are taken too, found by OpenID Connect Discovery',
  }),
  oidcAudience: setting({ type: text(), help: 'audience that its tokens must name' }),
  oidcRoleClaim: setting({
    type: text(),
    default: 'sluice_role',
    help: 'claim of its tokens with the role: admin, member or reader',
  }),
  oidcTenantClaim: setting({
    type: text(),
    default: 'sluice_tenant',
    help: "claim of its tokens with a member's or reader's tenant",
  }),
  origins: setting({
    type: list(origin()),
    help: "origins whose pages may use the server from a browser, comma-separated; else only the server's own",
  }),
  doorbell: setting({
    type: doorbell(),
    default: 'postgres',
    secret: true,
    help: "how servers tell each other of changes: postgres, or a NATS cluster's nats://[user:password@]host:port, comma-separated",
  }),
  drainMs: setting({
    type: milliseconds({ min: 0, max: 600_000 }),
    default: 0,
    help: 'a stopping server answers /readyz with 503 and serves for so long yet, while its agents move to others: what a load balancer takes to turn away',
  }),
  ...limitSettings,
  agentDownMs: setting({
    type: milliseconds({ min: 1_000, max: 86_400_000 }),
    default: defaultSettings.agentDownMs,
    help: 'an agent silent for longer counts as down',
  }),
  heartbeatMs: setting({
    type: milliseconds({ min: 100, max: 3_600_000 }),
    default: defaultSettings.heartbeatMs,
    help: 'how often agents are told to heartbeat',
  }),
  ...traceSettings,
  agentCredentialMs: setting({
    type: milliseconds({ min: 1_000, max: 31_536_000_000 }),
    default: defaultSettings.agentCredentialMs,
    help: "how long an enrolled host's credential holds; its agent renews it from half of that on",
  }),
  portClaims: setting({
    type: oneOf(['accept', 'strict']),
    default: defaultSettings.portClaims,
    help: 'a port plugged on a second live host: accept it, as a live migration, or only where an administrator bound it (strict)',
  }),
  portClaimsPerMinute: setting({
    type: integer({ min: 1, max: 1_000_000 }),
    default: defaultSettings.portClaimsPerMinute,
    help: 'so many ports of other live hosts one host may claim a minute',
  }),
  quotaRules: setting({
    type: integer({ min: unlimited, max: mostRules }),
    default: defaultSettings.quotaRules,
    help: 'so many rules a tenant may have unless an administrator set its quota; -1: any number',
  }),
  auditRetentionDays: setting({
    type: integer({ min: 1, max: 36_500, unit: 'days' }),
    default: defaultSettings.auditRetentionDays,
    help: 'how many days the audit log keeps an entry',
  }),
  ...logSettings,
};

export type ServerConfig = ConfigOf<typeof serverSettings>;

const rules: readonly ConfigRule<typeof serverSettings>[] = [
  {
    about: ['tlsClientCa', 'tlsClientRequired'],
    fault: ({ tlsClientCa, tlsClientRequired }) =>
      tlsClientRequired && tlsClientCa === undefined
        ? '--tls-client-required needs --tls-client-ca: whose certificates would they be?'
        : undefined,
  },
  {
    about: ['tlsCert', 'tlsKey', 'tlsClientCa'],
    fault: ({ tlsCert, tlsKey, tlsClientCa }) =>
      (tlsCert === undefined) !== (tlsKey === undefined) || (tlsClientCa && !tlsCert)
        ? 'TLS needs both --tls-cert and --tls-key; --tls-client-ca comes on top of them.'
        : undefined,
  },
  {
    about: ['listen', 'tlsCert', 'insecure'],
    fault: ({ listen: { host }, tlsCert, insecure }) =>
      tlsCert === undefined && !insecure && !isLoopbackAddress(host)
        ? `Serving on ${host}, beyond this machine, needs --tls-cert and --tls-key, or --insecure to let tokens be read on the way.`
        : undefined,
  },
  {
    about: ['oidcIssuer', 'oidcAudience'],
    fault: ({ oidcIssuer, oidcAudience }) =>
      (oidcIssuer === undefined) !== (oidcAudience === undefined)
        ? 'An identity provider needs both --oidc-issuer and --oidc-audience: a token for another program must not be taken.'
        : undefined,
  },
  {
    about: ['oidcIssuer'],
    fault: ({ oidcIssuer }) =>
      oidcIssuer !== undefined && !isSafeIssuer(new URL(oidcIssuer))
        ? `The identity provider ${oidcIssuer} must be reached by https: whoever is on the way could give it keys of his own.`
        : undefined,
  },
  {
    about: ['agentDownMs', 'heartbeatMs'],
    fault: ({ agentDownMs, heartbeatMs }) =>
      agentDownMs <= heartbeatMs
        ? `--agent-down-ms ${agentDownMs} must be above --heartbeat-ms ${heartbeatMs}, or every agent counts as down between two heartbeats.`
        : undefined,
  },
];

/** Throws a UserError with every fault that the settings have. */
export function loadServerConfig(sources: Sources): ServerConfig {
  return loadConfig(serverSettings, sources, rules);
}

/** The file with the secret that signs tokens. */
export const secretFileOf = ({ tokenSecretFile, data }: ServerConfig): string =>
  tokenSecretFile ?? join(data, 'token.secret');

function doorbell(): ConfigType<'postgres' | readonly string[]> {
  const urls = list(url('nats'));
  return {
    parse: (value) => {
      if (value === 'postgres') return { value };
      const parsed = urls.parse(value);
      return 'value' in parsed
        ? parsed
        : { fault: 'it must be postgres, or a list of URLs like nats://…' };
    },
  };
}

const isSafeIssuer = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || isLoopbackHost(hostname);

function origin() {
  return configType('an origin like https://console.example.org', (value) => {
    const parsed = typeof value === 'string' ? URL.parse(value) : null;
    return parsed?.origin === value ? parsed?.origin : undefined;
  });
}
