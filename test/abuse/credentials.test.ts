import { createHmac, randomUUID } from 'node:crypto';
import { print } from 'graphql';
import { exportSPKI, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  AgentHeartbeatDocument,
  HostQosChangesDocument,
  RenewCredentialDocument,
} from '../../schema/generated/graphql.ts';
import { startProvider, type TestProvider } from '../support/identityProvider.ts';
import { firstWord, type Met, startTarget, type Target } from './target.ts';

/*
 * Credentials that are none, are another's, or are no longer, on a server that also takes a real identity provider's
 * tokens, by HTTP and by WebSocket.
 */

let provider: TestProvider;
let target: Target;
beforeAll(async () => {
  provider = await startProvider();
  target = await startTarget({
    SLUICE_OIDC_ISSUER: provider.issuer,
    SLUICE_OIDC_AUDIENCE: provider.audience,
    SLUICE_OIDC_ROLE_CLAIM: 'sluice_role',
    SLUICE_OIDC_TENANT_CLAIM: 'sluice_tenant',
  });
  // What is loaded with the first request of each kind is no harm.
  expect(await target.tryIn(target.token)).toMatchObject({ http: 200 });
  const token = await provider.token({ sluice_role: 'admin' });
  expect(await target.tryIn(token)).toMatchObject({ http: 200, socket: { type: 'next' } });
  await target.tryIn(`${token}x`);
});
afterAll(async () => {
  await target?.[Symbol.asyncDispose]();
  await provider?.stop();
});

const refused: Met = { http: 401, socket: { closed: 4401 } };
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = () => ({
  iss: provider.issuer,
  aud: provider.audience,
  sub: 'mallory',
  jti: randomUUID(),
  sluice_role: 'admin',
  role: 'admin',
  exp: Math.floor(Date.now() / 1000) + 600,
});

async function providersKey(): Promise<string> {
  const { keys } = (await (await fetch(`${provider.issuer}/jwks`)).json()) as { keys: JWK[] };
  return exportSPKI((await importJWK(keys[0] ?? {}, 'ES256')) as CryptoKey);
}

describe('a forged token', () => {
  const forgeries: Record<string, () => Promise<string>> = {
    'without a signature, as alg none': async () => `${part({ alg: 'none' })}.${part(claims())}.`,
    'without a signature, as ours': async () =>
      `${part({ alg: 'none', typ: 'JWT' })}.${part({ ...claims(), iss: 'sluice' })}.x`,
    "signed by HS256 with the provider's public key": async () => {
      const signed = `${part({ alg: 'HS256', kid: 'first' })}.${part(claims())}`;
      const signature = createHmac('sha256', await providersKey())
        .update(signed)
        .digest('base64url');
      return `${signed}.${signature}`;
    },
    'in our name, signed by RS256': async () => {
      const { privateKey } = await generateKeyPair('RS256');
      const ours = { ...claims(), iss: 'sluice' };
      return new SignJWT(ours).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
    },
    'for another program': () =>
      provider.token({ sluice_role: 'admin' }, 'https://other.example.org'),
    'of our own, with another role': async () => {
      const [head, , signature] = (await target.makeToken({ role: 'reader', tenant: 't' })).split(
        '.',
      );
      return `${head}.${part({ ...claims(), iss: 'sluice' })}.${signature}`;
    },
    'of 16 KB': async () => 'x'.repeat(15_000),
  };

  test.each(Object.entries(forgeries))('%s is refused', async (_what, forge) => {
    const token = await forge();
    const met = await target.unharmed(() => target.tryIn(token));
    expect(met).toEqual(refused);
  });
});

test('300 tokens of as many unknown keys are refused, and the provider is asked once', async () => {
  const { privateKey } = await generateKeyPair('ES256');
  const forged = await Promise.all(
    Array.from({ length: 300 }, (_, n) =>
      new SignJWT(claims())
        .setProtectedHeader({ alg: 'ES256', kid: `unknown-${n}` })
        .sign(privateKey),
    ),
  );
  const before = provider.asked.get('/jwks') ?? 0;
  await target.unharmed(async () => {
    for (let n = 0; n < forged.length; n += 20) {
      const met = await Promise.all(forged.slice(n, n + 20).map((token) => target.tryIn(token)));
      for (const each of met) expect(each).toEqual(refused);
    }
  });
  expect((provider.asked.get('/jwks') ?? 0) - before).toBeLessThanOrEqual(1);
});

const heartbeatOf = (token: string, host: string) =>
  target.tryIn(token, {
    query: print(AgentHeartbeatDocument),
    variables: { input: { host, binary: 'sluice-agent', agentType: 'Open vSwitch agent' } },
  });

async function renewedBy(token: string): Promise<string> {
  const query = print(RenewCredentialDocument);
  const { body } = await target.post(JSON.stringify({ query }), {
    authorization: `Bearer ${token}`,
  });
  return (body as { data: { renewCredential: { token: string } } }).data.renewCredential.token;
}

test("a host's credential says nothing for another host, and asks nothing of its own", async () => {
  const token = await target.makeToken({ role: 'agent', host: 'compute-1' });
  const forbidden = { errors: [{ extensions: { code: 'FORBIDDEN' } }] };
  expect(await heartbeatOf(token, 'compute-1')).toMatchObject({
    http: 200,
    socket: { type: 'next' },
  });
  await target.unharmed(async () => {
    const met = await heartbeatOf(token, 'compute-2');
    expect(met).toMatchObject({ http: 200, socket: { payload: forbidden } });
    const query = print(HostQosChangesDocument);
    const feed = await target.tryIn(token, {
      query,
      variables: { host: 'compute-2', since: null },
    });
    expect(JSON.stringify(feed.socket)).toContain('FORBIDDEN');
    const own = await target.tryIn(token, { query: '{ qosRules { nodes { id } } }' });
    expect(JSON.stringify(own.socket)).toContain('FORBIDDEN');
  });
});

describe('an enrolment token', () => {
  const enrolmentOf = async (host: string) => {
    const query = `mutation { createEnrolmentToken(input: { host: "${host}" }) { token } }`;
    const { body } = await target.post(JSON.stringify({ query }));
    return (body as { data: { createEnrolmentToken: { token: string } } }).data.createEnrolmentToken
      .token;
  };
  const enrol = async (token: string, host: string) => {
    const response = await fetch(target.url.replace('/graphql', '/enrol'), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ host, exchange: randomUUID() }),
    });
    return {
      status: response.status,
      body: (await response.json()) as { token: string; error?: string },
    };
  };

  test('that is shown thirty times enrols once, and the refusals are audited', async () => {
    const token = await enrolmentOf('replayed');
    await target.unharmed(async () => {
      const all = await Promise.all(Array.from({ length: 30 }, () => enrol(token, 'replayed')));
      expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(all.filter(({ status }) => status === 401)).toHaveLength(29);
    });
    const audited = await target.sql(
      `select 1 from audit_log where action = 'enrolment.refused' and object_id = 'replayed'`,
    );
    expect(audited.length).toBeGreaterThan(0);
  });

  test('of another host is refused, and is no credential of its own on either way in', async () => {
    const token = await enrolmentOf('compute-1');
    await target.unharmed(async () => {
      expect(await enrol(token, 'compute-2')).toMatchObject({ status: 401 });
      expect(await target.tryIn(token)).toEqual(refused);
    });
  });

  test('whose credential was cloned ends for both once the original was renewed', async () => {
    const { body } = await enrol(await enrolmentOf('cloned'), 'cloned');
    const clone = body.token;
    const renewed = await renewedBy(clone);
    expect((await heartbeatOf(renewed, 'cloned')).http).toBe(200);
    await target.sql(`update agent_credentials set seen_at = seen_at - interval '10 minutes'`);
    await target.unharmed(async () => {
      expect(await heartbeatOf(clone, 'cloned')).toEqual(refused);
      expect(await heartbeatOf(renewed, 'cloned')).toEqual(refused);
    });
    const audited = await target.sql(`select 1 from audit_log where action = 'credential.copied'`);
    expect(audited).toHaveLength(1);
  });
});

test('a token that expires, or is revoked, while its socket streams ends the socket, and comes in no more', async () => {
  const expiring = await target.makeToken({ role: 'reader', tenant: 'acme' }, 3_000);
  const revoked = await target.makeToken({ role: 'reader', tenant: 'acme' });
  const payload = { query: 'subscription { qosRuleEvents { type } }' };
  await target.unharmed(async () => {
    const sockets = await Promise.all(
      [expiring, revoked].flatMap((token) =>
        Array.from({ length: 20 }, () => target.open({ token })),
      ),
    );
    const ends = sockets.map((socket) => {
      socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload }));
      return firstWord(socket);
    });
    const { jti } = JSON.parse(atob(revoked.split('.')[1] ?? '')) as { jti: string };
    const revoke = `mutation { revokeCredential(input: { id: "${jti}" }) { revokedId } }`;
    await target.post(JSON.stringify({ query: revoke }));
    expect(new Set((await Promise.all(ends)).map((end) => JSON.stringify(end)))).toEqual(
      new Set(['{"closed":4401}']),
    );
    for (const token of [expiring, revoked]) expect(await target.tryIn(token)).toEqual(refused);
  });
}, 30_000);

// The last: nobody asks the provider anything after it.
test("a provider that is away makes its tokens wait, and hinders nobody else's", async () => {
  const token = await provider.token({ sluice_role: 'admin' });
  await provider.stop();
  const { privateKey } = await generateKeyPair('ES256');
  const forged = await new SignJWT(claims())
    .setProtectedHeader({ alg: 'ES256', kid: 'unknown' })
    .sign(privateKey);
  await target.unharmed(async () => {
    for (let n = 0; n < 20; n += 1) {
      const { http, socket } = await target.tryIn(forged);
      expect([401, 503]).toContain(http);
      expect([4401, 1013]).toContain((socket as { closed: number }).closed);
    }
    // Its keys are known still.
    expect(await target.tryIn(token)).toMatchObject({ http: 200 });
    expect(await target.tryIn(target.token)).toMatchObject({ http: 200, socket: { type: 'next' } });
  });
});
