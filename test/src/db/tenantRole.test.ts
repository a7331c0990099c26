import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { checkTenants, migrateUp } from '../../../src/db/migrate.ts';
import { openDatabase } from '../../../src/db/orm.ts';
import { query } from '../../../src/db/query.ts';
import { Tenants } from '../../../src/db/tenants.ts';
import { createDatabase } from '../../support/postgres.ts';

/** A database of a role of its own, as a provider hands them out; no migrations yet. */
async function databaseOwnedBy(attributes: string, granted: string | null = null) {
  const { url, dispose } = await createDatabase();
  const name = `owner_${randomBytes(6).toString('hex')}`;
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`create role ${name} login ${attributes}`);
  if (granted !== null) await client.query(`grant ${granted} to ${name}`);
  await client.query(`create database ${name} owner ${name}`);
  onTestFinished(async () => {
    await client.query(`drop database ${name} with (force)`);
    await client.query(`drop role ${name}`);
    await client.end();
    await dispose();
  });
  const owned = new URL(url);
  owned.pathname = `/${name}`;
  owned.username = name;
  return { url: owned.href };
}

/** What the server, one of two tenants, and a session that nobody bound see of the rules. */
async function seenIn(url: string) {
  const orm = await openDatabase({ url });
  const tenants = Tenants.of(orm);
  onTestFinished(async () => {
    await tenants.close();
    await orm.close(true);
  });
  for (const tenant of ['acme', 'globex']) {
    const port = randomUUID();
    await query(orm.em.fork(), sql`insert into ports (id, tenant_id) values (${port}, ${tenant})`);
    await query(
      orm.em.fork(),
      sql`insert into qos_rules (id, tenant_id, port_id, direction, max_kbps)
        values (${randomUUID()}, ${tenant}, ${port}, 'EGRESS', 1)`,
    );
  }
  const owners = sql<{ owner: string }>`select tenant_id as owner from qos_rules order by 1`;
  const role = sql<{ role: string }>`select current_user as role`;
  const acme = tenants.em('acme');
  await expect(query(acme, sql`update qos_rules set tenant_id = 'globex'`)).rejects.toThrow(
    'row-level security',
  );
  return {
    server: (await query(orm.em.fork(), owners)).map(({ owner }) => owner),
    tenant: (await query(acme, owners)).map(({ owner }) => owner),
    runsAs: (await query(acme, role))[0]?.role,
  };
}

test('where the server may make no role, tenants are bound as the owner of the tables itself', async () => {
  const { url } = await databaseOwnedBy('nocreaterole');
  await migrateUp(url);
  expect(await seenIn(url)).toEqual({
    server: ['acme', 'globex'],
    tenant: ['acme'],
    runsAs: new URL(url).username,
  });
  await checkTenants(url);
});

test('where an administrator made the role for the server, tenants run as that', async () => {
  const { url } = await databaseOwnedBy('nocreaterole', 'sluice_tenant');
  await migrateUp(url);
  expect(await seenIn(url)).toEqual({
    server: ['acme', 'globex'],
    tenant: ['acme'],
    runsAs: 'sluice_tenant',
  });
});

test('where nothing would bind tenants, the server refuses to start and says what to do', async () => {
  const { url } = await databaseOwnedBy('nocreaterole bypassrls');
  await expect(migrateUp(url)).rejects.toThrow(
    /cannot keep tenants apart.*"create role sluice_tenant nologin" and "grant sluice_tenant to"/,
  );
  await expect(checkTenants(url)).rejects.toThrow('cannot keep tenants apart');
});
