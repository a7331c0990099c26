import { getNamedType, parse, validate } from 'graphql';
import type { Role } from '../../../../src/domain/actor.ts';
import { schema } from '../../../../src/graphql/schema.ts';
import { documentOf, fieldsOf, selectionOf } from './documents.ts';
import type { Side } from './side.ts';
import type { World } from './world.ts';

/** What a role is answered about a root field, asked for all that it leads to, in one of the ways there are. */
export async function answerAbout(
  world: World,
  role: Role,
  about: Side,
  path: string,
  way: number,
): Promise<string> {
  const [root = '', field = ''] = path.split('.');
  const found = fieldsOf(root).find(({ name }) => name === field);
  if (!found) throw new Error(`There is no ${path}.`);
  const selections = fieldsOf(getNamedType(found.type).name).map(selectionOf);
  return answerTo(world, role, about, await documentOf(path, selections, about, way));
}

/** The answer to the letter, but for what its question named. */
export async function answerTo(
  { server, tokens }: World,
  role: Role,
  about: Side,
  text: string,
): Promise<string> {
  const [fault] = validate(schema, parse(text));
  if (fault) throw fault;
  const answer = JSON.stringify(await server.execute(tokens[role], text));
  const named = [...new Set(text.match(uuids)), about.host, about.tenant];
  return named.reduce((left, name, index) => left.replaceAll(name, `<${index}>`), answer);
}

const uuids = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
