import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';
import { type System, startSystem } from '../../support/system.ts';

/*
 * The audits of GraphQL over HTTP's own reference implementation, against the program as it is started in production:
 * no setting touches its limits, so all of them are on.
 */

let database: TestDatabase;
let system: System;
let admin: string;

beforeAll(async () => {
  database = await createDatabase();
  system = await startSystem(database.url);
  admin = await system.adminToken();
});
afterAll(async () => {
  await system?.[Symbol.asyncDispose]();
  await database?.dispose();
});

const audits = serverAudits({
  url: () => `http://127.0.0.1:${system.port}/graphql`,
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
