import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { query } from '../../../src/db/query.ts';
import { holdLock } from '../../support/holdLock.ts';
import { openSocket, startServer, type TestServer } from '../../support/server.ts';
import { emOf } from '../../support/services.ts';

let server: TestServer;
let admin: string;

beforeAll(async () => {
  server = await startServer({ limits: { trustedFor: 'nobody' }, pingIntervalMs: 200 });
  admin = await server.token({ role: 'admin' });
});
afterAll(() => server.stop());

async function ask<Data>(token: string, text: string): Promise<Data> {
  const { data, errors } = await server.execute<Data, unknown>(token, text);
  if (!data) throw new Error(JSON.stringify(errors));
  return data;
}

const makeToken = async (host: string, seconds = 3600) =>
  (
    await ask<{ createEnrolmentToken: { id: string; token: string } }>(
      admin,
      `mutation { createEnrolmentToken(input: { host: "${host}", expiresInSeconds: ${seconds} }) { id token } }`,
    )
  ).createEnrolmentToken;

async function enrol(token: string, host: string, exchange = `exchange of ${host}, by its agent`) {
  const response = await fetch(`${server.url}/enrol`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ host, exchange }),
  });
  return {
    status: response.status,
    body: (await response.json()) as { token: string; lifetimeMs: number; error: string },
  };
}

const enrolled = async (host: string) =>
  (await enrol((await makeToken(host)).token, host)).body.token;

const beat = (host: string) =>
  `mutation { agentHeartbeat(input: { host: "${host}", binary: "b", agentType: "t" }) { intervalMs } }`;
const comesIn = async (token: string, host: string) =>
  (await server.execute(token, beat(host))).status === 200;
const renew = async (token: string) =>
  (
    await ask<{ renewCredential: { token: string } }>(
      token,
      'mutation { renewCredential { token } }',
    )
  ).renewCredential.token;

const actions = async (objectId: string) =>
  (
    await ask<{
      auditLog: { nodes: { action: string; address: string; after: { fault: string } }[] };
    }>(
      admin,
      `{ auditLog(filter: { objectId: ["${objectId}"] }) { nodes { action address after } } }`,
    )
  ).auditLog.nodes.reverse();

interface Credential {
  readonly id: string;
  readonly revokedAt: string | null;
  readonly revokedReason: string | null;
}
const credentialOf = async (host: string) =>
  (
    await ask<{ agentCredentials: { nodes: Credential[] } }>(
      admin,
      `{ agentCredentials(filter: { host: ["${host}"] }) { nodes { id revokedAt revokedReason } } }`,
    )
  ).agentCredentials.nodes[0]!;

/** As if the newest token had been seen so long ago. */
const later = (host: string) =>
  query(
    emOf(server.services),
    sql`update agent_credentials set seen_at = seen_at - interval '10 minutes' where host = ${host}`,
  );

describe('an enrolment token', () => {
  test('is exchanged for a credential of its host, and for no other', async () => {
    const { token } = await makeToken('e1');
    const { status, body } = await enrol(token, 'e1');

    expect(status).toBe(200);
    expect(body.lifetimeMs).toBe(86_400_000);
    expect(await comesIn(body.token, 'e1')).toBe(true);
    const { errors } = await server.execute(body.token, beat('e2'));
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', field: 'host' } }]);
    expect((await actions('e1')).map(({ action }) => action)).toEqual(['agent.enrolled']);
  });

  test('lets nobody in by itself', async () => {
    const { token } = await makeToken('e2');
    expect((await server.execute(token, beat('e2'))).status).toBe(401);
  });

  test('is refused the second time, and that is audited; the same exchange again is the same use', async () => {
    const { token } = await makeToken('e3');
    const lost = await enrol(token, 'e3');
    const again = await enrol(token, 'e3');
    expect([lost.status, again.status]).toEqual([200, 200]);
    expect(await comesIn(again.body.token, 'e3')).toBe(true);

    const replayed = await enrol(token, 'e3', 'the exchange of somebody else');

    expect(replayed.status).toBe(401);
    expect(replayed.body.error).toMatch(/was used already/);
    expect((await actions('e3')).at(-1)).toMatchObject({
      action: 'enrolment.refused',
      address: '127.0.0.1',
      after: { fault: expect.stringMatching(/used already/) },
    });
    expect(await comesIn(again.body.token, 'e3')).toBe(true);
  });

  test('used by two at once enrols one of them', async () => {
    const { token } = await makeToken('e4');
    const both = await Promise.all(
      [1, 2, 3, 4].map((turn) => enrol(token, 'e4', `exchange of agent ${turn}`)),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401]);
  });

  test('of another host, expired or revoked is refused, and that is audited', async () => {
    const other = await makeToken('e5');
    expect((await enrol(other.token, 'e6')).body.error).toBe(
      'The enrolment token is for host e5, not e6.',
    );
    const revoked = await makeToken('e5');
    await ask(admin, `mutation { revokeCredential(input: { id: "${revoked.id}" }) { revokedId } }`);
    expect((await enrol(revoked.token, 'e5')).body.error).toMatch(/revoked/);
    const expired = await makeToken('e5');
    await query(
      emOf(server.services),
      sql`update enrolments set expires_at = now() where id = ${expired.id}`,
    );
    expect((await enrol(expired.token, 'e5')).body.error).toMatch(/has expired/);
    expect((await actions('e5')).map(({ action }) => action)).toEqual([
      ...['enrolment.refused', 'enrolment.refused', 'enrolment.refused'],
    ]);
  });

  test('holds for an hour at most, and is an administrator’s to make', async () => {
    await expect(makeToken('e7', 3601)).rejects.toThrow(/1 to 3600 s/);
    const { errors } = await server.execute(
      await server.token({ role: 'member', tenant: 't' }),
      'mutation { createEnrolmentToken(input: { host: "e7" }) { token } }',
    );
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect((await enrol(admin, 'e7')).status).toBe(401);
  });
});

describe("an enrolled host's credential", () => {
  test('renews itself; the old token stays good until the new one was seen', async () => {
    const first = await enrolled('r1');
    await renew(first); // Its answer is lost.
    expect(await comesIn(first, 'r1')).toBe(true);

    const second = await renew(first);
    expect(await comesIn(second, 'r1')).toBe(true);

    expect(await comesIn(first, 'r1')).toBe(false);
    expect(await credentialOf('r1')).toMatchObject({ revokedAt: null });
    const third = await renew(second);
    expect(await comesIn(third, 'r1')).toBe(true);
  });

  test('that was copied is found out when the copy shows a token that was renewed: nobody comes in with it', async () => {
    const original = await enrolled('r2');
    const copy = original;
    const renewed = await renew(original);
    expect(await comesIn(renewed, 'r2')).toBe(true);
    await later('r2');

    expect(await comesIn(copy, 'r2')).toBe(false);

    expect(await comesIn(renewed, 'r2')).toBe(false);
    const { id, revokedReason } = await credentialOf('r2');
    expect(revokedReason).toMatch(/there is a copy/);
    const log = await actions(id);
    expect(log.at(-1)).toMatchObject({ action: 'credential.copied', address: '127.0.0.1' });
    await comesIn(copy, 'r2');
    expect(await actions(id)).toHaveLength(log.length);
  });

  test('whose copy renews first is found out when the original comes back', async () => {
    const original = await enrolled('r3');
    const stolen = await renew(original);
    expect(await comesIn(stolen, 'r3')).toBe(true);
    await later('r3');

    expect(await comesIn(original, 'r3')).toBe(false);
    expect(await comesIn(stolen, 'r3')).toBe(false);
  });

  test('revoked through the API closes its open sockets within five seconds', async () => {
    const token = await enrolled('r4');
    const { closed, messages } = await openSocket(server, { authorization: `Bearer ${token}` });
    await expect.poll(() => messages).toMatchObject([{ type: 'connection_ack' }]);
    const { id } = await credentialOf('r4');
    const startedMs = performance.now();

    await ask(admin, `mutation { revokeCredential(input: { id: "${id}" }) { revokedId } }`);

    expect((await closed).code).toBe(4401);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    expect(await comesIn(token, 'r4')).toBe(false);
  });

  test('that the database says nothing of in time is UNAVAILABLE, over HTTP and WebSocket', async () => {
    const token = await enrolled('c7');
    const lock = await holdLock(server.databaseUrl, 'lock table agent_credentials', []);
    const socket = await openSocket(server, { authorization: `Bearer ${token}` });
    const { errors } = await server.execute(token, beat('c7'));
    expect(errors).toMatchObject([
      { message: expect.stringContaining('in time'), extensions: { code: 'UNAVAILABLE' } },
    ]);
    expect(await socket.closed).toMatchObject({ code: 1013 });
    await lock.release();
    await expect.poll(() => comesIn(token, 'c7')).toBe(true);
  });

  test('made by `token create` does not renew, and goes on working', async () => {
    const token = await server.token({ role: 'agent', host: 'r5' });
    expect(await comesIn(token, 'r5')).toBe(true);
    await expect(renew(token)).rejects.toThrow(/Only a credential that was made by enrolling/);
  });
});
