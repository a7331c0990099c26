import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';

/*
 * The audits of GraphQL over HTTP's own reference implementation, against the server as it is served,
 * with all its limits on.
 */

let server: TestServer;
let admin: string;

beforeAll(async () => {
  server = await startServer();
  admin = await server.token({ role: 'admin' });
});
afterAll(() => server.stop());

const audits = serverAudits({
  url: () => `${server.url}/graphql`,
  fetchFn: (input: string, init: RequestInit = {}) =>
    fetch(input, { ...init, headers: { ...init.headers, authorization: `Bearer ${admin}` } }),
});

describe('GraphQL over HTTP', () => {
  test('has as many audits as were counted when this was written', () => {
    expect(audits).toHaveLength(61);
  });

  test.each(audits)('$name', async (audit) => {
    const result = await audit.fn();
    expect(result.status === 'ok' ? '' : result.reason).toBe('');
  });
});
