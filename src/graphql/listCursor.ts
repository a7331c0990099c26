import { z } from 'zod';

// A value that PostgreSQL could not read would fail in the database instead of being refused here.
const keyTypes = {
  uuid: z.uuid(),
  text: z
    .string()
    .max(255)
    .refine((text) => !text.includes('\u0000')),
  integer: z.int32(),
  bigint: z.string().regex(/^\d{1,18}$/),
  // PostgreSQL counts no year 0.
  instant: z.iso.datetime({ precision: 3 }).refine((text) => !text.startsWith('0000')),
};

type KeyType = keyof typeof keyTypes;

/** What a list is sorted by: each key's name, and its type. */
export type ListOrder = readonly (readonly [key: string, type: KeyType])[];

const maxLength = 4_096;

/**
 * The cursor that a client gets: an entry's values of the sort keys, together with the order they
 * belong to. MikroORM begins at the first page again where a cursor has another number of values than
 * the order, and hands whatever it holds to the query; here such a cursor is refused.
 */
export function sealCursor(order: ListOrder, values: readonly unknown[]): string {
  return Buffer.from(JSON.stringify([nameOf(order), values])).toString('base64url');
}

/** The values again; undefined for a cursor of another order, or none that this server made. */
export function openCursor(order: ListOrder, cursor: string): unknown[] | undefined {
  if (cursor.length > maxLength) return undefined;
  const sealed = z.tuple([z.literal(nameOf(order)), valuesOf(order)]).safeParse(parse(cursor));
  return sealed.success ? sealed.data[1] : undefined;
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
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
