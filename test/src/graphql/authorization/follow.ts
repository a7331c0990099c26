import { setTimeout as delay } from 'node:timers/promises';
import type { Answer, ResponseError } from '../../../support/server.ts';
import type { Side } from './side.ts';
import type { World } from './world.ts';

type Data = Record<string, Record<string, unknown>>;
type Events = AsyncIterableIterator<{
  readonly data?: Data | null | undefined;
  readonly errors?: readonly unknown[] | undefined;
}>;

const ids = { qosRuleEvents: 'qosRuleId', agentEvents: 'agentId' } as const;

/**
 * Opens a subscription on a socket of its own and lets something happen to `about`. The answer's data are the events
 * that tell of it, the feed's first two steps.
 */
export async function follow(
  world: World,
  token: string,
  text: string,
  about: Side,
): Promise<Answer<unknown>> {
  const client = world.server.connect(token);
  const field = /\{ (\w+)/.exec(text)?.[1] ?? '';
  const id = ids[field as keyof typeof ids];
  const query = id ? text.replace(`${field} {`, `${field} { ${id}`) : text;
  const events: Events = client.iterate<Data>({ query });
  try {
    const data = id ? await told(events, world, about, field, id) : await steps(events, about);
    return { status: 200, data };
  } catch (errors) {
    if (!Array.isArray(errors)) throw errors;
    return { status: 200, errors: errors as ResponseError[] };
  } finally {
    await client.dispose();
  }
}

async function steps(events: Events, { newRule }: Side): Promise<Data[]> {
  const first = await next(events);
  await newRule();
  return [first, await next(events)];
}

async function next(events: Events): Promise<Data> {
  const { value } = await events.next();
  if (value.errors) throw value.errors;
  return value.data;
}

/**
 * Each round changes `about` first and the caller's own object second: when the second round's own change has been
 * told of, so would have been the other's.
 */
async function told(
  events: Events,
  world: World,
  about: Side,
  field: string,
  id: string,
): Promise<Data[]> {
  const key = field === 'qosRuleEvents' ? 'otherRuleId' : 'agentId';
  const seen: Data[] = [];
  let refusal: unknown;
  const listening = (async () => {
    for await (const { data, errors } of events) {
      if (errors) throw errors;
      if (data) seen.push(data);
    }
  })().catch((error: unknown) => {
    refusal = error;
  });
  const isOf = (side: Side) => (data: Data) => data[field]?.[id] === side[key];
  for (let rounds = 0; rounds < 2 && !refusal; ) {
    const before = seen.length;
    await touch(world, about, field);
    await touch(world, world.own, field);
    await delay(10);
    if (seen.slice(before).some(isOf(world.own))) rounds += 1;
  }
  await events.return?.();
  await listening;
  if (refusal) throw refusal;
  return seen.filter(isOf(about));
}

async function touch({ server, tokens }: World, side: Side, field: string): Promise<void> {
  const mutation =
    field === 'qosRuleEvents'
      ? `updateQosRule(input: { id: "${side.otherRuleId}", description: "${Math.random()}" }) { qosRule { id } }`
      : `updateAgent(input: { id: "${side.agentId}", description: "${Math.random()}" }) { agent { id } }`;
  const { errors } = await server.execute(tokens.admin, `mutation { ${mutation} }`);
  if (errors) throw new Error(JSON.stringify(errors));
}
