import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  type QosRuleOrder,
  QosRulesDocument,
  type QosRulesQueryVariables,
} from '../../../schema/generated/graphql.ts';
import { query } from '../../../src/db/query.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { emOf } from '../../support/services.ts';

const rules = 10_000;
let server: TestServer;
let admin: string;

beforeAll(async () => {
  server = await startServer();
  admin = await server.token({ role: 'admin' });
  const em = emOf(server.services);
  // Many equal keys and many nulls, so that order hangs on the last key.
  await query(
    em,
    sql`insert into host_feeds (host) select 'host-' || n from generate_series(0, 9) n`,
  );
  await query(
    em,
    sql`insert into agents (id, host, agent_type, "binary", heartbeat_at)
      select gen_random_uuid(), host, 'Open vSwitch agent', 'sluice-agent', now() from host_feeds`,
  );
  await query(
    em,
    sql`insert into ports (id, tenant_id) select gen_random_uuid(), 'tenant-' || n % 7
      from generate_series(1, ${rules}::int) n`,
  );
  await query(
    em,
    sql`insert into qos_rules (id, tenant_id, port_id, direction, max_kbps, dscp_mark, created_at)
      select gen_random_uuid(), tenant_id, id, 'EGRESS',
        case when n % 3 > 0 then 1000 * (n % 20 + 1) end, case when n % 3 = 0 then 10 end,
        timestamptz '2026-01-01' + (n / 50) * interval '1 second'
      from (select *, row_number() over (order by id) as n from ports) p`,
  );
  await query(
    em,
    sql`insert into port_bindings (port_id, host, bound, plugged, revision, born_revision)
      select id, 'host-' || row_number() over (order by id) % 10, true, true, 1, 1 from ports`,
  );
  await query(em, sql`analyze`);
}, 120_000);
afterAll(() => server.stop());

const list = async (variables: QosRulesQueryVariables) => {
  const { data, errors } = await server.execute(admin, QosRulesDocument, variables);
  expect(errors).toBeUndefined();
  return data!.qosRules;
};

/** All pages in a row, by `after` or backwards by `before`. */
async function walk(way: 'forwards' | 'backwards', orderBy: readonly QosRuleOrder[], size = 500) {
  const ids: string[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<typeof list>> =
      way === 'forwards'
        ? await list({ first: size, after: cursor, orderBy: [...orderBy] })
        : await list({ last: size, before: cursor, orderBy: [...orderBy] });
    const found = page.nodes.map(({ id }) => id);
    ids.splice(way === 'forwards' ? ids.length : 0, 0, ...found);
    expect(page.totalCount).toBe(rules);
    const { hasNextPage, hasPreviousPage, startCursor, endCursor } = page.pageInfo;
    if (!(way === 'forwards' ? hasNextPage : hasPreviousPage)) return ids;
    cursor = way === 'forwards' ? endCursor : startCursor;
  }
}

describe('10,000 rules', () => {
  test.each<[string, QosRuleOrder[], string]>([
    ['by creation, when nothing is asked', [], 'created_at, id'],
    ['by a key that is often empty', [{ field: 'MAX_KBPS', direction: 'ASC' }], 'max_kbps, id'],
    ['by it, largest first', [{ field: 'MAX_KBPS', direction: 'DESC' }], 'max_kbps desc, id'],
    [
      'by several keys, each its own way',
      [
        { field: 'TENANT_ID', direction: 'DESC' },
        { field: 'MAX_KBPS', direction: 'ASC' },
        { field: 'CREATED_AT', direction: 'DESC' },
      ],
      'tenant_id desc, max_kbps, created_at desc, id',
    ],
  ])('are each on one page %s, forwards and backwards', async (_name, orderBy, inSql) => {
    const rows = await query(
      emOf(server.services),
      sql<{ id: string }>`select id from qos_rules order by ${sql.raw(inSql)}`,
    );
    const expected = rows.map(({ id }) => id);
    expect(await walk('forwards', orderBy)).toEqual(expected);
    expect(await walk('backwards', orderBy)).toEqual(expected);
  });

  test.each([
    [
      'rules',
      `qosRules(first: N) { totalCount nodes { id bindings { host status stale usage { bytes }
        rule { id bindings { host } } agent { host alive connected adminStateUp desired
          bindings(first: 3) { totalCount nodes { ruleId } } } } } }`,
    ],
    [
      'ports',
      'ports(first: N) { nodes { id rules { id bindings { host } } bindings { settled } } }',
    ],
    ['agents', 'agents(first: N) { nodes { alive bindings(first: 3) { nodes { rule { id } } } } }'],
    ['bindings', 'qosAgentBindings(first: N) { nodes { rule { id } agent { id } stale } }'],
  ])('are read with as many statements for 500 %s as for 5', async (_name, field) => {
    const read = (first: number) => () =>
      server.execute(admin, `{ ${field.replace('N', String(first))} }`);
    const few = await statementsOf(read(5));
    expect(await statementsOf(read(500))).toEqual(few);
    expect(few.length).toBeLessThan(12);
  });

  test('cost the same page by page, within noise', async () => {
    const read = async (after: string | null): Promise<string | null> => {
      const { data } = await server.execute<Page, unknown>(
        admin,
        `{ qosRules(first: 100, orderBy: [{ field: CREATED_AT }], after: ${JSON.stringify(after)}) {
          nodes { id } pageInfo { endCursor } } }`,
      );
      return data!.qosRules.pageInfo.endCursor;
    };
    const cursors: (string | null)[] = [null];
    while (cursors.length < rules / 100) cursors.push(await read(cursors.at(-1) ?? null));

    // In turn, so that whatever else the machine does slows both.
    const times = { first: [] as number[], last: [] as number[] };
    for (let round = 0; round < 50; round += 1) {
      times.first.push(await timed(() => read(null)));
      times.last.push(await timed(() => read(cursors.at(-1) ?? null)));
    }
    const [first, last] = [median(times.first), median(times.last)];
    console.log(`a page of 100: the first ${first.toFixed(1)} ms, the last ${last.toFixed(1)} ms`);
    expect(last).toBeLessThan(first * 1.5 + 2);
  });
});

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

interface Page {
  readonly qosRules: { readonly pageInfo: { readonly endCursor: string | null } };
}

// What the server does by itself meanwhile.
const background =
  /revoked_tokens|delete from audit_log|pg_notify|into servers|unplugged_at <|doomed|heartbeat_at <= now|update host_feeds|select 1$/;

/** The statements that reached PostgreSQL, in alphabetical order, their values left out. */
async function statementsOf(work: () => Promise<{ errors?: unknown }>): Promise<string[]> {
  const sent = vi.spyOn(pg.Client.prototype, 'query');
  try {
    expect((await work()).errors).toBeUndefined();
    return sent.mock.calls
      .map(([statement]) => textOf(statement))
      .filter((text) => !background.test(text))
      .map((text) => text.replace(/(\$\d+(, )?)+/g, '$').replace(/'[^']*'(, ?'[^']*')*/g, "'…'"))
      .map((text) => text.replace(/limit \S+/g, 'limit …'))
      .sort();
  } finally {
    sent.mockRestore();
  }
}

const textOf = (statement: unknown): string =>
  typeof statement === 'string' ? statement : ((statement as { text?: string }).text ?? '');
