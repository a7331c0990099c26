import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { graphiqlFetcher } from '../../../src/http/graphiqlFetcher.ts';
import { startServer, type TestServer } from '../../support/server.ts';

type Fetcher = ReturnType<typeof graphiqlFetcher>;

let server: TestServer;
let fetcher: Fetcher;
let headers: { Authorization: string };

/** What the page asks with, as a browser has it: its text alone. */
beforeAll(async () => {
  server = await startServer();
  const endpoint = `${server.url}/graphql`;
  const page = await (await fetch(endpoint, { headers: { accept: 'text/html' } })).text();
  const script = page.slice(page.lastIndexOf('YogaGraphiQL.renderYogaGraphiQL('));
  const [, text = ''] = /fetcher: (.+) \},\s+\);\s+<\/script>/s.exec(script) ?? [];
  const location = { href: `${endpoint}?query=`, pathname: '/graphql' };
  fetcher = runInNewContext(text, { fetch, WebSocket, URL, location });
  headers = { Authorization: `Bearer ${await server.token({ role: 'admin' })}` };
});
afterAll(() => server?.stop());

const query = `
  query Rules { qosRules { totalCount } }
  subscription Feed { hostQosChanges(host: "compute-1") { from more } }`;
const documentAST = {
  definitions: [
    { operation: 'query', name: { value: 'Rules' } },
    { operation: 'subscription', name: { value: 'Feed' } },
  ],
};

/** All that a subscription brings, until it ends or `enough` are there. */
function results(fetched: ReturnType<Fetcher>, enough: number): Promise<unknown[]> {
  if (!('subscribe' in fetched)) throw new Error('It was no subscription.');
  return new Promise((resolve) => {
    const seen: unknown[] = [];
    const listening = fetched.subscribe({
      next: (result) => {
        if (seen.push(result) === enough) listening.unsubscribe();
      },
      complete: () => resolve(seen),
    });
  });
}

test('GraphiQL asks by POST, with the headers that the user typed', async () => {
  expect(await fetcher({ query, operationName: 'Rules' }, { headers, documentAST })).toEqual({
    data: { qosRules: { totalCount: 0 } },
  });
  expect(await fetcher({ query: '{ __typename }' })).toMatchObject({
    errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
  });
});

test('GraphiQL subscribes, with the same headers, and says why a socket was refused', async () => {
  const params = { query, operationName: 'Feed' };
  expect(await results(fetcher(params, { headers, documentAST }), 1)).toEqual([
    { data: { hostQosChanges: { from: null, more: false } } },
  ]);
  const wrong = { query: 'subscription { nothing }' };
  const asked = { headers, documentAST: { definitions: [{ operation: 'subscription' }] } };
  expect(await results(fetcher(wrong, asked), 2)).toEqual([
    { errors: [expect.objectContaining({ message: expect.stringContaining('nothing') })] },
  ]);
  expect(await results(fetcher(params, { documentAST }), 2)).toEqual([
    {
      errors: [
        {
          message:
            'The server closed the connection with code 4401. A credential is needed: send "Authorization: Bearer TOKEN".',
        },
      ],
    },
  ]);
});
