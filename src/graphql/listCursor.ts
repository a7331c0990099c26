import { z } from 'zod';

// A value that PostgreSQL could not read would fail in the database instead of being refused here.
const keyTypes = {
  uuid: z.uuid(),
  text: z.string().max(255).refine((text) => !text.includes('\u0000')),
  integer: z.int32(),
  instant: z.iso.datetime({ precision: 3 }),
};

type KeyType = keyof typeof keyTypes;

/** What a list is sorted by: each key's name, and its type. */
export type ListOrder = readonly (readonly [key: string, type: KeyType])[];

const maxLength = 4_096;

/**
 * The cursor that a client gets: MikroORM's values together with the order they belong to. MikroORM
 * begins at the first page again where a cursor has another number of values than the order, and
 * hands whatever it holds to the query; here such a cursor is refused.
 */
export function sealCursor(order: ListOrder, inner: string): string {
  const values: unknown = JSON.parse(decode(inner));
  return encode(JSON.stringify([nameOf(order), values]));
}

/** MikroORM's cursor again; undefined for one of another order, or none that this server made. */
export function openCursor(order: ListOrder, cursor: string): string | undefined {
  if (cursor.length > maxLength) return undefined;
  const sealed = z.tuple([z.literal(nameOf(order)), valuesOf(order)]).safeParse(parse(cursor));
  return sealed.success ? encode(JSON.stringify(sealed.data[1])) : undefined;
}

const valuesOf = (order: ListOrder) =>
  z
    .array(z.unknown())
    .length(order.length)
    .refine((values) =>
      order.every(([, type], index) => keyTypes[type].nullable().safeParse(values[index]).success),
    );

const nameOf = (order: ListOrder): string => order.map(([key]) => key).join();

function parse(cursor: string): unknown {
  try {
    return JSON.parse(decode(cursor));
  } catch {
    return undefined;
  }
}

const encode = (text: string): string => Buffer.from(text).toString('base64url');
const decode = (cursor: string): string => Buffer.from(cursor, 'base64url').toString();
