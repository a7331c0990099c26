import { getNamedType, isIntrospectionType, isObjectType } from 'graphql';
import { type Role, roles } from '../../../../src/domain/actor.ts';
import { schema } from '../../../../src/graphql/schema.ts';
import type { Answer } from '../../../support/server.ts';
import { paths } from './asks.ts';
import { type Cell, cellOf } from './cells.ts';
import { documentOf, fieldsOf, selectionOf } from './documents.ts';
import { follow } from './follow.ts';
import type { Side } from './side.ts';
import type { World } from './world.ts';

/** What a role gets of one field: of an object of its own, and of a foreign one. */
export interface Cells {
  readonly own: Cell;
  readonly foreign: Cell;
}

export interface Row {
  readonly type: string;
  readonly field: string;
  readonly cells: Readonly<Record<Role, Cells>>;
}

/** The fields of one type, as one path leads to it from a root. */
export interface Section {
  readonly path: string;
  readonly rows: readonly Row[];
}

const roots = ['Query', 'Mutation', 'Subscription'] as const;

/** Asks a real server for every field of the schema that it serves. A root's own rows are what led to the others. */
export async function measure(world: World): Promise<Section[]> {
  const ofRoots = new Map<string, Row[]>(roots.map((root) => [root, []]));
  const sections: Section[] = [];
  for (const { type, path } of everyPath()) {
    const [first, ...rows] = await measurePath(world, type, path);
    sections.push({ path, rows });
    const [root = '', field = '', ...below] = path.split('.');
    if (first && below.length === 0) ofRoots.get(root)?.push({ ...first, type: root, field });
  }
  return [...[...ofRoots].map(([path, rows]) => ({ path, rows })), ...sections];
}

function everyPath(): { type: string; path: string }[] {
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => !isIntrospectionType(type) && !roots.some((root) => root === type.name))
    .flatMap(({ name }) => pathsTo(name).map((path) => ({ type: name, path })));
}

function pathsTo(type: string): readonly string[] {
  const list = type.replace(/Edge$/, 'Connection');
  const found = roots.flatMap((root) =>
    fieldsOf(root)
      .filter((field) => getNamedType(field.type).name === list)
      .map(({ name }) => `${root}.${name}${list === type ? '' : '.edges'}`),
  );
  const all = [...new Set([...found, ...(paths[type] ?? [])])];
  if (all.length > 0) return all;
  throw new Error(`No path leads to ${type}: add one to test/src/graphql/authorization/asks.ts.`);
}

/** A row for what the path begins with, then one for each field of the type. */
async function measurePath(world: World, type: string, path: string): Promise<Row[]> {
  const ofRoles = await Promise.all(
    roles.map(async (role) => {
      const own = await askAll(world, role, world.own, type, path);
      const foreign = await askAll(world, role, world.foreign, type, path);
      return [role, { own, foreign }] as const;
    }),
  );
  return ['', ...fieldsOf(type).map(({ name }) => name)].map((field) => {
    const cells = ofRoles.map(([role, { own, foreign }]) => [
      role,
      { own: own.get(field), foreign: foreign.get(field) },
    ]);
    return { type, field, cells: Object.fromEntries(cells) };
  });
}

/** What a role gets of each field, and under '' of what the path begins with. */
async function askAll(
  world: World,
  role: Role,
  about: Side,
  type: string,
  path: string,
): Promise<Map<string, Cell>> {
  const [root = '', ...place] = path.split('.');
  const found = new Map<string, Cell>();
  let left = fieldsOf(type);
  while (left.length > 0) {
    const text = await documentOf(path, left.map(selectionOf), about);
    const answer = await run(world, role, root, text, about);
    found.set('', cellOf(answer, place.slice(0, 1)) ?? 'null');
    for (const { name } of left) {
      const cell = cellOf(answer, [...place, name]);
      if (cell !== undefined) found.set(name, cell);
    }
    const still = left.filter(({ name }) => !found.has(name));
    if (still.length === left.length) throw new Error(JSON.stringify(answer));
    left = still;
  }
  return found;
}

function run(
  world: World,
  role: Role,
  root: string,
  text: string,
  about: Side,
): Promise<Answer<unknown>> {
  const token = world.tokens[role];
  if (root === 'Subscription') return follow(world, token, text, about);
  return world.server.execute(token, text);
}
