import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTarget, type Target } from './target.ts';

let target: Target;
beforeAll(async () => {
  target = await startTarget();
  // What is loaded with the first request is no harm.
  await target.post('{"query":"{ extension { name } }"}');
  await target.subscribe({ query: '{ extension { name } }' });
});
afterAll(() => target?.[Symbol.asyncDispose]());

const times = (count: number, make: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => make(n)).join(' ');

function doubling(n: number): string {
  const fragments = times(n, (k) => `fragment F${k} on Extension { ...F${k + 1} ...F${k + 1} }`);
  return `{ extension { ...F0 } } ${fragments} fragment F${n} on Extension { name }`;
}

const nested = (depth: number, field: string) =>
  `{ ${`${field} { `.repeat(depth)}id${' }'.repeat(depth)} }`;

/** Each is refused in words, alike on HTTP and on a socket. */
const documents: Record<string, string> = {
  'doubling fragments, 22': doubling(22),
  'doubling fragments, 40': doubling(40),
  'fragments in a cycle':
    '{ extension { ...A } } fragment A on Extension { ...B } fragment B on Extension { ...A }',
  'depth 500': nested(500, 'node'),
  'depth 20,000': nested(20_000, 'node'),
  '1,000 aliases': `{ ${times(1_000, (n) => `a${n}: extension { name }`)} }`,
  '10,000 directives': `{ extension { name ${times(10_000, () => '@skip(if: false)')} } }`,
  '3,000 overlapping fields': `{ extension { ${times(3_000, () => 'name')} } }`,
};

const refusedInWords = { type: 'error', payload: [{ extensions: { code: 'BAD_USER_INPUT' } }] };

describe.each(Object.entries(documents))('a document with %s', (_name, query) => {
  test('is refused over HTTP', async () => {
    const { body } = await target.unharmed(() => target.post(JSON.stringify({ query })));
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  test('is refused on a socket', async () => {
    const answer = await target.unharmed(() => target.subscribe({ query }));
    // A message past 128 KiB is not even read.
    if (query.length > 120_000) expect(answer).toEqual({ closed: 1009 });
    else expect(answer).toMatchObject(refusedInWords);
  });
});

const ok = '{ extension { name } }';
const withId = (id: string) =>
  `{"query":"query($id: UUID!) { qosRule(id: $id) { id } }","variables":{"id":${id}}}`;
const withKbps = (number: string) =>
  `{"query":"mutation($input: CreateQosRuleInput!) { createQosRule(input: $input) { qosRule { id } } }","variables":{"input":{"portId":"5e0b3a1c-6f27-4c0e-9a55-0d5f0f1a2b3c","tenantId":"t","maxKbps":${number}}}}`;

/** Bodies, and the status with which each is answered. */
const bodies: Record<string, readonly [body: string | Buffer, headers: object, status: number]> = {
  'a batch': [JSON.stringify([{ query: ok }, { query: ok }]), {}, 400],
  'a form': [
    'query=%7B__typename%7D',
    { 'content-type': 'application/x-www-form-urlencoded' },
    415,
  ],
  'a multipart form': [
    '--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{"query":"{ __typename }"}\r\n--x--\r\n',
    { 'content-type': 'multipart/form-data; boundary=x' },
    415,
  ],
  'text of another kind': [JSON.stringify({ query: ok }), { 'content-type': 'text/plain' }, 415],
  'a gzip bomb': [gzipSync(Buffer.alloc(20 * 1024 ** 2)), { 'content-encoding': 'gzip' }, 415],
  '25 MB': [`{"query":"${'x'.repeat(25 * 1024 ** 2)}"}`, {}, 413],
  '4 MB that only applyQosRules may have': [
    JSON.stringify({ query: ok, variables: { unused: 'x'.repeat(4_000_000) } }),
    {},
    413,
  ],
  'a document of 200 KB': [JSON.stringify({ query: `${ok} # ${'x'.repeat(200_000)}` }), {}, 200],
  'an odd charset': [
    JSON.stringify({ query: ok }),
    { 'content-type': 'application/json; charset=utf-7' },
    415,
  ],
  'in UTF-16': [
    Buffer.from(JSON.stringify({ query: ok }), 'utf16le'),
    { 'content-type': 'application/json; charset=utf-16' },
    415,
  ],
  'invalid UTF-8': [Buffer.from(`{"query":"{ __typename } # \xff\xfe"}`, 'latin1'), {}, 200],
  'JSON 100,000 deep': [
    `{"query":"{ __typename }","variables":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    {},
    400,
  ],
  '__proto__ as a variable': [
    `{"query":${JSON.stringify(ok)},"variables":{"__proto__":{"polluted":true}}}`,
    {},
    200,
  ],
  '__proto__ as an extension': [
    `{"query":${JSON.stringify(ok)},"extensions":{"__proto__":{"polluted":true}}}`,
    {},
    200,
  ],
  '__proto__ as an id': [withId('"__proto__"'), {}, 200],
  'NUL in an id': [withId('"\\u0000"'), {}, 200],
  'a lone surrogate': [withId('"\\ud800"'), {}, 200],
  '1e400': [withKbps('1e400'), {}, 200],
  '2^53+1': [withKbps('9007199254740993'), {}, 200],
};

test.each(Object.entries(bodies))(
  'a body that is %s is answered at once',
  async (_name, [body, headers, status]) => {
    const answer = await target.unharmed(() =>
      target.post(body, headers as Record<string, string>),
    );
    expect(answer.status, JSON.stringify(answer.body).slice(0, 500)).toBe(status);
    expect(JSON.stringify(answer.body)).not.toMatch(/INTERNAL_SERVER_ERROR|at .*\.ts:\d+/);
    expect(JSON.stringify(answer.body)).not.toContain('polluted');
  },
);

const subscribe = (payload: string) => `{"type":"subscribe","id":"1","payload":${payload}}`;
const answered = { type: 'next', payload: { data: {} } };
const wrongInput = {
  type: 'next',
  payload: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
};

/** The same on a socket, as far as they can be said there, and how each is answered first. */
const messages: Record<string, readonly [message: string, answer: object]> = {
  'a batch': [`[${subscribe(JSON.stringify({ query: ok }))}]`, { closed: 4400 }],
  'a batch of payloads': [subscribe(`[{"query":${JSON.stringify(ok)}}]`), { closed: 4400 }],
  'JSON 60,000 deep': [
    subscribe(
      `{"query":${JSON.stringify(ok)},"variables":{"a":${'['.repeat(60_000)}${']'.repeat(60_000)}}}`,
    ),
    answered,
  ],
  '__proto__ as a variable': [
    subscribe(`{"query":${JSON.stringify(ok)},"variables":{"__proto__":{"polluted":true}}}`),
    answered,
  ],
  '__proto__ as an extension': [
    subscribe(`{"query":${JSON.stringify(ok)},"extensions":{"__proto__":{"polluted":true}}}`),
    answered,
  ],
  '__proto__ as the id of an operation': [
    `{"type":"subscribe","id":"__proto__","payload":{"query":${JSON.stringify(ok)}}}`,
    { id: '__proto__', ...answered },
  ],
  '__proto__ as an id': [subscribe(withId('"__proto__"')), wrongInput],
  'NUL in an id': [subscribe(withId('"\\u0000"')), wrongInput],
  'a lone surrogate': [subscribe(withId('"\\ud800"')), wrongInput],
  '1e400': [subscribe(withKbps('1e400')), wrongInput],
  '2^53+1': [subscribe(withKbps('9007199254740993')), wrongInput],
};

test.each(Object.entries(messages))(
  'a message that is %s is answered at once',
  async (_name, [message, answer]) => {
    const first = await target.unharmed(() => target.say(message));
    expect(first).toMatchObject(answer);
    expect(JSON.stringify(first)).not.toMatch(/INTERNAL_SERVER_ERROR|at .*\.ts:\d+|polluted/);
  },
);

test('an introspection that goes deep is answered, since nothing is there', async () => {
  const inner = `${'{ ofType '.repeat(200)}{ name }${' }'.repeat(200)}`;
  const query = `{ __type(name: "Query") { fields { type ${inner} } } }`;
  const { status } = await target.unharmed(() => target.post(JSON.stringify({ query })));
  expect(status).toBe(200);
  const first = await target.unharmed(() => target.subscribe({ query }));
  expect(first).toMatchObject({ type: 'next' });
});

test('a mutation by GET changes nothing', async () => {
  const mutation = `mutation { createQosRule(input: { portId: "5e0b3a1c-6f27-4c0e-9a55-0d5f0f1a2b3c", tenantId: "t", maxKbps: 1 }) { qosRule { id } } }`;
  const at = `${target.url}?query=${encodeURIComponent(mutation)}`;
  const headers = { authorization: `Bearer ${target.token}` };
  const response = await target.unharmed(() => fetch(at, { headers }));
  expect(response.status).toBe(405);
});

test('without an Authorization header nothing passes, whatever a page can send by itself', async () => {
  for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
    const response = await fetch(target.url, {
      method: 'POST',
      headers: { 'content-type': type },
      body: JSON.stringify({ query: ok }),
    });
    expect(response.status).toBe(401);
  }
});
