import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { Authenticator } from '../../../src/auth/authenticator.ts';
import { parseExpiry } from '../../../src/auth/expiry.ts';
import { createToken, verifyToken } from '../../../src/auth/tokens.ts';

const secret = new Uint8Array(32).fill(7);
const peer = { address: '192.0.2.1' };
const bearer = async (
  ...args: Parameters<typeof createToken> extends [unknown, ...infer R] ? R : never
) => `Bearer ${(await createToken(secret, ...args)).token}`;

describe('a token', () => {
  test.each([
    [{ role: 'admin' }, { role: 'admin', tenantId: null }],
    [
      { role: 'admin', tenant: 'acme' },
      { role: 'admin', tenantId: 'acme' },
    ],
    [
      { role: 'member', tenant: 'acme' },
      { role: 'member', tenantId: 'acme' },
    ],
    [
      { role: 'reader', tenant: 'acme' },
      { role: 'reader', tenantId: 'acme' },
    ],
    [
      { role: 'agent', host: 'compute-1' },
      { role: 'agent', host: 'compute-1' },
    ],
  ] as const)('made for %o speaks for it', async (claims, actor) => {
    const credential = verifyToken(secret, await bearer(claims));
    expect(credential.actor).toMatchObject(actor);
    expect(credential.actor.subject).toBe(credential.tokenId);
    expect(credential.expiresAtMs).toBeNull();
  });

  test.each([
    [{ role: 'member' }, /member's token needs --tenant/],
    [{ role: 'reader' }, /reader's token needs --tenant/],
    [{ role: 'agent' }, /agent's token needs --host/],
    [{ role: 'agent', host: 'h', tenant: 't' }, /has no --tenant/],
    [{ role: 'member', tenant: 't', host: 'h' }, /has no --host/],
    [{ role: 'member', tenant: '' }, /1 to 255/],
  ] as const)('is not made for %o', async (claims, sentence) => {
    await expect(createToken(secret, claims)).rejects.toThrow(sentence);
  });

  test('holds until its time, and says when that was', async () => {
    const header = await bearer({ role: 'admin' }, 60_000);
    const credential = verifyToken(secret, header);
    expect(credential.expiresAtMs).toBeGreaterThan(Date.now() + 50_000);
    const late = await bearer({ role: 'admin' }, -1_000);
    expect(() => verifyToken(secret, late)).toThrow(/expired at \d{4}-.*Z/);
  });
});

describe('a credential is refused', () => {
  const sign = (alg: string, claims: object, issuer = 'sluice') =>
    new SignJWT({ ...claims }).setProtectedHeader({ alg }).setIssuer(issuer).sign(secret);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const admin = { iss: 'sluice', jti: '1', role: 'admin' };
  const none = [part({ alg: 'none' }), part(admin), 'AA'].join('.');
  const refusalOf = (header: string | null): Error => {
    try {
      verifyToken(secret, header);
    } catch (error) {
      return error as Error;
    }
    throw new Error('It was taken.');
  };

  test.each([
    ['missing', () => null, /A credential is needed/],
    ['of another scheme', () => 'Basic dXNlcjpwYXNz', /must read "Bearer TOKEN"/],
    ['no token', () => 'Bearer hunter2', /must read "Bearer TOKEN"/],
    ['three parts of nothing', () => 'Bearer a.b.c', /not one that this server makes/],
    ['unsigned', () => `Bearer ${none}`, /not one that this server makes/],
    [
      'signed by another algorithm',
      async () => `Bearer ${await sign('HS512', { jti: '1', role: 'admin' })}`,
      /not one that this server makes/,
    ],
    [
      'of another issuer',
      async () => `Bearer ${await sign('HS256', { jti: '1', role: 'admin' }, 'else')}`,
      /not one that this server makes/,
    ],
    [
      'signed by another secret',
      async () => `Bearer ${(await createToken(new Uint8Array(32), { role: 'admin' })).token}`,
      /not signed by this server/,
    ],
    [
      'whose payload is another than was signed',
      async () => {
        const [header, , signature] = (await sign('HS256', { jti: '1', role: 'reader' })).split(
          '.',
        );
        return `Bearer ${header}.${part(admin)}.${signature}`;
      },
      /not signed by this server/,
    ],
    [
      'whose signature is cut short',
      async () => `Bearer ${(await sign('HS256', { jti: '1', role: 'admin' })).slice(0, -4)}`,
      /not signed by this server/,
    ],
    [
      'that asks for an extension',
      async () => {
        const header = { alg: 'HS256', crit: ['b64'], b64: false };
        return `Bearer ${part(header)}.${part(admin)}.AA`;
      },
      /not one that this server makes/,
    ],
    [
      'whose payload is no object',
      () => `Bearer ${part({ alg: 'HS256' })}.${part([])}.AA`,
      /not one/,
    ],
    [
      'that is not valid yet',
      async () => `Bearer ${await sign('HS256', { jti: '1', role: 'admin', nbf: 9_999_999_999 })}`,
      /not one that this server makes/,
    ],
    [
      'whose time is no number',
      async () => `Bearer ${await sign('HS256', { jti: '1', role: 'admin', exp: 'soon' })}`,
      /not one that this server makes/,
    ],
    [
      'without the tenant that its role needs',
      async () => `Bearer ${await sign('HS256', { jti: '1', role: 'member' })}`,
      /names no role, tenant or host/,
    ],
    [
      'of a role that does not exist',
      async () => `Bearer ${await sign('HS256', { jti: '1', role: 'root' })}`,
      /names no role, tenant or host/,
    ],
  ])('%s', async (_what, header, sentence) => {
    const sent = await header();
    const refusal = refusalOf(sent);
    expect(refusal).toMatchObject({ faults: [{ code: 'UNAUTHENTICATED' }] });
    expect(refusal.message).toMatch(sentence);
    const token = sent?.split(' ')[1];
    if (token && token.length > 5) expect(refusal.message).not.toContain(token);
  });

  test('once it was revoked, and before that can be known', async () => {
    const header = await bearer({ role: 'admin' });
    const let_ = (revoked: boolean | undefined) =>
      new Authenticator(secret, { has: () => revoked }).authenticate(header, peer);
    await expect(let_(false)).resolves.toMatchObject({
      actor: { role: 'admin', address: peer.address },
    });
    await expect(let_(true)).rejects.toThrow('The token was revoked.');
    await expect(let_(undefined)).rejects.toMatchObject({ faults: [{ code: 'UNAVAILABLE' }] });
  });
});

test.each([
  ['90d', 90 * 86_400_000],
  ['12h', 43_200_000],
  ['30m', 1_800_000],
  ['45s', 45_000],
])('%s is %d ms', (text, ms) => expect(parseExpiry(text)).toBe(ms));

test.each(['', '90', 'd', '-1d', '0d', '1.5h', '1y', '99999d', '1d1h'])(
  '"%s" is no time to expire',
  (text) => expect(() => parseExpiry(text)).toThrow(/must be a time like 90d/),
);
