import { once } from 'node:events';
import { createServer } from 'node:net';
import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Authenticator } from '../../../src/auth/authenticator.ts';
import { IdentityProvider } from '../../../src/auth/identityProvider.ts';
import { createToken } from '../../../src/auth/tokens.ts';
import { startProvider, type TestProvider } from '../../support/identityProvider.ts';

const peer = { address: '192.0.2.1' };
const secret = new Uint8Array(32).fill(7);
const revocations = { has: () => false };

let provider: TestProvider;
beforeAll(async () => {
  provider = await startProvider();
});
afterAll(() => provider.stop());

/** A server's judge that has asked the provider nothing yet. */
const authenticator = (issuer = provider.issuer) => {
  const claims = { roleClaim: 'sluice_role', tenantClaim: 'sluice_tenant' };
  const trusted = new IdentityProvider({ issuer, audience: provider.audience, ...claims });
  return new Authenticator(secret, revocations, trusted);
};
const refusal = (judge: Authenticator, token: string) =>
  judge.authenticate(`Bearer ${token}`, peer).then(
    ({ actor }) => actor,
    (error: unknown) => (error as Error).message,
  );

describe("an identity provider's token", () => {
  test.each([
    [
      { sluice_role: 'member', sluice_tenant: 'acme' },
      { role: 'member', tenantId: 'acme' },
    ],
    [
      { sluice_role: 'reader', sluice_tenant: 'acme' },
      { role: 'reader', tenantId: 'acme' },
    ],
    [{ sluice_role: 'admin' }, { role: 'admin', tenantId: null }],
  ])('with %o speaks for it until it expires', async (claims, actor) => {
    const header = `Bearer ${await provider.token(claims)}`;
    const credential = await authenticator().authenticate(header, peer);
    expect(credential.actor).toEqual({ ...peer, subject: 'oidc:operator', ...actor });
    expect(credential.tokenId).toMatch(/^oidc:/);
    expect(credential.expiresAtMs).toBeGreaterThan(Date.now());
    expect(credential.expiresAtMs).toBeLessThan(Date.now() + 700_000);
  });

  test.each([
    [{}, /claim sluice_role must be one of admin, member, reader\.$/],
    [{ sluice_role: 'agent', host: 'h' }, /sluice_role must be one of/],
    [{ sluice_role: ['admin'] }, /sluice_role must be one of/],
    [{ sluice_role: 'member' }, /claim sluice_tenant must name the member's tenant/],
    [{ sluice_role: 'reader', sluice_tenant: '' }, /sluice_tenant must name/],
  ])('with %o is refused', async (claims, sentence) => {
    const said = await refusal(authenticator(), await provider.token(claims));
    expect(said).toMatch(sentence);
  });

  test('for another program is refused', async () => {
    const token = await provider.token({ sluice_role: 'admin' }, 'https://other.example.org');
    expect(await refusal(authenticator(), token)).toBe(
      "The token's claim aud is not what this server needs.",
    );
  });

  test("is taken beside the server's own", async () => {
    const { token } = await createToken(secret, { role: 'admin' });
    expect(await refusal(authenticator(), token)).toMatchObject({ role: 'admin' });
  });
});

describe('a forged token', () => {
  const claims = () => ({
    iss: provider.issuer,
    aud: provider.audience,
    sub: 'mallory',
    sluice_role: 'admin',
    exp: Math.floor(Date.now() / 1000) + 600,
  });

  test("signed with the server's own secret in the provider's name, or the other way round, is refused", async () => {
    const judge = authenticator();
    const swapped = await new SignJWT(claims()).setProtectedHeader({ alg: 'HS256' }).sign(secret);
    expect(await refusal(judge, swapped)).toMatch(/not signed by the identity provider/);
    const { privateKey } = await generateKeyPair('ES256');
    const ours = { ...claims(), iss: 'sluice', jti: 'x', role: 'admin' };
    const own = await new SignJWT(ours).setProtectedHeader({ alg: 'ES256' }).sign(privateKey);
    expect(await refusal(judge, own)).toMatch(/not one that this server makes/);
  });

  test('without a signature is refused', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const none = `${part({ alg: 'none' })}.${part(claims())}.`;
    expect(await refusal(authenticator(), none)).toMatch(/must read "Bearer TOKEN"/);
    expect(await refusal(authenticator(), `${none}x`)).toMatch(/not signed by/);
  });

  test('of keys that nobody knows makes the provider be asked once, however many come', async () => {
    const judge = authenticator();
    await refusal(judge, await provider.token({ sluice_role: 'admin' }));
    const before = provider.asked.get('/jwks') ?? 0;
    const { privateKey } = await generateKeyPair('ES256');
    for (let count = 0; count < 50; count += 1) {
      const forged = await new SignJWT(claims())
        .setProtectedHeader({ alg: 'ES256', kid: `unknown-${count}` })
        .sign(privateKey);
      expect(await refusal(judge, forged)).toMatch(/not signed by the identity provider/);
    }
    expect((provider.asked.get('/jwks') ?? 0) - before).toBeLessThanOrEqual(1);
  });
});

describe('a provider that is away', () => {
  test('is said to be, is not asked again at once, and hinders no token of the server', async () => {
    const away = await startProvider();
    const token = await away.token({ sluice_role: 'admin' });
    await away.stop();
    const judge = authenticator(away.issuer);
    const seen = await judge.authenticate(`Bearer ${token}`, peer).catch((error: unknown) => error);
    expect(seen).toMatchObject({ faults: [{ code: 'UNAVAILABLE' }] });
    expect(String(seen)).toMatch(/The identity provider cannot be asked for its keys: /);
    expect(await refusal(judge, token)).toMatch(/it failed a moment ago/);
    const { token: own } = await createToken(secret, { role: 'admin' });
    expect(await refusal(judge, own)).toMatchObject({ role: 'admin' });
  });

  test('that never answers is given up after five seconds', async () => {
    const mute = createServer().listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const issuer = `http://127.0.0.1:${(mute.address() as { port: number }).port}`;
    const { privateKey } = await generateKeyPair('ES256');
    const token = await new SignJWT({ iss: issuer })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(privateKey);
    const startedAtMs = performance.now();
    expect(await refusal(authenticator(issuer), token)).toMatch(/cannot be asked for its keys/);
    expect(performance.now() - startedAtMs).toBeLessThan(6_000);
    mute.close();
  });

  test('that describes another issuer is not believed', async () => {
    const judge = authenticator(`${provider.issuer}/`);
    const { privateKey } = await generateKeyPair('ES256');
    const named = await new SignJWT({ iss: `${provider.issuer}/` })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(privateKey);
    expect(await refusal(judge, named)).toMatch(/does not describe/);
  });
});
