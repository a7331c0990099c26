import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Role, roles } from '../../../src/domain/actor.ts';
import { audienceOf } from '../../../src/graphql/access/guard.ts';
import { rules } from '../../../src/graphql/access/rules.ts';
import { asks } from './authorization/asks.ts';
import { measure, type Row, type Section } from './authorization/matrix.ts';
import { printed } from './authorization/print.ts';
import { makeWorld, type World } from './authorization/world.ts';

/*
 * Every field of the schema that a real server serves, asked as every role about an object of its own and about a
 * foreign one. `npm run authorization` writes what it answers to the reference.
 */

const reference = fileURLToPath(
  new URL('../../../docs/reference/authorization.md', import.meta.url),
);

let world: World;
let sections: Section[];

beforeAll(async () => {
  world = await makeWorld();
  sections = await measure(world);
});
afterAll(() => world?.server.stop());

const rowsOf = () => sections.flatMap(({ path, rows }) => rows.map((row) => ({ path, row })));
const nameOf = ({ type, field }: Row): string => `${type}.${field}`;
const rolesOf = ({ type, field }: Row): readonly Role[] =>
  audienceOf(rules, type, field)?.roles ?? [];

describe('every field of the API', () => {
  test('answers as the reference says', async () => {
    await expect(printed(sections)).toMatchFileSnapshot(reference);
  });

  test('has a value for somebody, so that the others are seen to be refused', () => {
    const rows = Map.groupBy(rowsOf(), ({ row }) => nameOf(row));
    const never = [...rows]
      .filter(([, same]) => !same.some(({ row }) => hasValue(row)))
      .map(([name]) => name);
    expect(never).toEqual([]);
  });

  test('has none for a role that the rules do not name', () => {
    const open = rowsOf().flatMap(({ path, row }) =>
      roles
        .filter((role) => !rolesOf(row).includes(role))
        .filter((role) => !['FORBIDDEN', 'null'].includes(row.cells[role].own))
        .map((role) => `${path}: ${nameOf(row)} for ${role}`),
    );
    expect(open).toEqual([]);
  });

  test('has none of a foreign object, but for administrators', () => {
    const open = rowsOf()
      .filter(({ path, row }) => isAboutObjects(path, row))
      .flatMap(({ path, row }) =>
        roles
          .filter((role) => role !== 'admin' && row.cells[role].foreign === 'value')
          .map((role) => `${path}: ${nameOf(row)} for ${role}`),
      );
    expect(open).toEqual([]);
  });
});

const hasValue = ({ cells }: Row): boolean => roles.some((role) => cells[role].own === 'value');

function isAboutObjects(path: string, { type, field }: Row): boolean {
  const root = path === type ? nameOf({ type, field } as Row) : path.split('.', 2).join('.');
  return asks[root]?.length !== 0 || root.startsWith('Subscription.');
}
