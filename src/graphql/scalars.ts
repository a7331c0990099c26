import { GraphQLError } from 'graphql';
import { z } from 'zod';
import { encodeFeedCursor } from '../domain/feedCursor.ts';
import { bounds } from '../domain/text.ts';
import { builder } from './builder.ts';

// What is allowed stands in each scalar's extensions too, for the sentence that refuses a value.

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const uuidAllowed = 'a UUID such as 0b5cf0c1-6f3c-4c5e-9d0c-3c6f3a1d2e4f';

builder.scalarType('UUID', {
  description: 'RFC 9562 UUID, lower case on output.',
  extensions: { allowed: uuidAllowed },
  serialize: (id) => id.toLowerCase(),
  parseValue: (value) => {
    if (typeof value !== 'string' || !uuid.test(value)) throw notAllowed(uuidAllowed);
    return value.toLowerCase();
  },
});

const instant = z.iso.datetime({ offset: true });
const instantAllowed = 'an RFC 3339 instant such as 2026-11-28T09:30:00.000Z';

builder.scalarType('DateTime', {
  description: 'RFC 3339 instant with milliseconds, UTC; on input in any zone.',
  extensions: { allowed: instantAllowed },
  serialize: (at) => at.toISOString(),
  parseValue: (value) => {
    const { data } = instant.safeParse(value);
    if (data === undefined) throw notAllowed(instantAllowed);
    return new Date(data);
  },
});

const cursorLength = 200;
const cursorAllowed = `a cursor as the server gave it, of at most ${cursorLength} characters`;

builder.scalarType('Cursor', {
  description:
    "Opaque position in one host's change feed. Pass back what you were given; compare for equality only.",
  extensions: { allowed: cursorAllowed },
  serialize: encodeFeedCursor,
  parseValue: (value) => {
    if (typeof value !== 'string' || value.length > cursorLength) throw notAllowed(cursorAllowed);
    return value;
  },
});

const mostCounted = 2n ** 63n - 1n;
const counterAllowed = `a whole number from 0 to ${mostCounted}, best as a string of digits`;

builder.scalarType('Counter', {
  description:
    'A whole number from 0 to 9223372036854775807, as a string of digits: JSON numbers are exact only up to 2^53.',
  extensions: { allowed: counterAllowed },
  serialize: (count) => count,
  parseValue: (value) => {
    if (!isCounter(value)) throw notAllowed(counterAllowed);
    return String(value);
  },
});

const jsonDepth = 32;
const jsonAllowed = `a JSON object of at most ${bounds.configurationsBytes} bytes and ${jsonDepth} levels`;

builder.scalarType('JSONObject', {
  description: 'Any JSON object.',
  extensions: { allowed: jsonAllowed },
  serialize: (object) => object,
  parseValue: (value) => {
    if (!isJsonObject(value) || !isShallow(value, jsonDepth) || !isSmall(value)) {
      throw notAllowed(jsonAllowed);
    }
    return value;
  },
});

const notAllowed = (allowed: string): GraphQLError => new GraphQLError(`This must be ${allowed}.`);

const isJsonObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSmall = (value: object): boolean =>
  Buffer.byteLength(JSON.stringify(value)) <= bounds.configurationsBytes;

/** Checked before JSON.stringify, which has no bound on its depth. */
function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1));
}

const isCounter = (value: unknown): value is string | number =>
  typeof value === 'string'
    ? /^\d{1,19}$/.test(value) && BigInt(value) <= mostCounted
    : Number.isSafeInteger(value) && Number(value) >= 0;
