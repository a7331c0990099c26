/** OVSDB's values on the wire and in JavaScript (RFC 7047 §5.1). */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

declare const uuidBrand: unique symbol;
export type Uuid = string & { readonly [uuidBrand]: true };

/** A row that the same transaction inserts (RFC 7047 §5.1 `<named-uuid>`). */
export class NamedUuid {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** What came over the wire is not what the column's type promised. */
export class NotationError extends Error {
  override readonly name = 'NotationError';

  constructor(expected: string, found: unknown) {
    super(`Expected ${expected} from OVSDB, found ${textOf(found)}.`);
  }
}

const MAX_TEXT = 300;

/** What came, as a part of a sentence; never the whole of a long one. */
export function textOf(json: unknown): string {
  const text = typeof json === 'string' ? json : (JSON.stringify(json) ?? 'nothing');
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

/** How one atom is read and written, and its default (RFC 7047 §5.2.1). */
export interface Atom<Read, Write = Read> {
  readonly initial: Read;
  decode(json: unknown): Read;
  encode(value: Write): Json;
}

/** How one column is read and written, and what an `update2` difference makes of its value. */
export interface Column<Read, Write = Read> {
  readonly initial: Read;
  decode(json: unknown): Read;
  encode(value: Write): Json;
  patch(old: Read, difference: unknown): Read;
}

export const string: Atom<string> = {
  initial: '',
  decode: (json) => (typeof json === 'string' ? json : refuse('a string', json)),
  encode: (value) => value,
};

export const integer: Atom<number> = {
  initial: 0,
  decode: (json) => (Number.isInteger(json) ? (json as number) : refuse('an integer', json)),
  encode: (value) => value,
};

export const real: Atom<number> = {
  initial: 0,
  decode: (json) => (Number.isFinite(json) ? (json as number) : refuse('a number', json)),
  encode: (value) => value,
};

export const boolean: Atom<boolean> = {
  initial: false,
  decode: (json) => (typeof json === 'boolean' ? json : refuse('a boolean', json)),
  encode: (value) => value,
};

export const uuid: Atom<Uuid, Uuid | NamedUuid> = {
  initial: '00000000-0000-0000-0000-000000000000' as Uuid,
  decode: (json) => {
    const tagged = Array.isArray(json) && json[0] === 'uuid' ? json[1] : undefined;
    return typeof tagged === 'string' ? (tagged as Uuid) : refuse('a uuid', json);
  },
  encode: (value) => (value instanceof NamedUuid ? ['named-uuid', value.name] : ['uuid', value]),
};

/** Exactly one atom. */
export function single<Read, Write>(atom: Atom<Read, Write>): Column<Read, Write> {
  return {
    initial: atom.initial,
    decode: (json) => atom.decode(json),
    encode: (value) => atom.encode(value),
    patch: (_old, difference) => atom.decode(difference),
  };
}

/** A set of at most one atom. Not "composite" for ovsdb-server: its difference is the new value. */
export function optional<Read, Write>(atom: Atom<Read, Write>): Column<Read | null, Write | null> {
  const decode = (json: unknown) => {
    const [first, second] = elements(json);
    if (second !== undefined) refuse('at most one value', json);
    return first === undefined ? null : atom.decode(first);
  };
  return {
    initial: null,
    decode,
    encode: (value) => (value === null ? ['set', []] : atom.encode(value)),
    patch: (_old, difference) => decode(difference),
  };
}

/** Any number of atoms. A difference names what is in only one of old and new (ovsdb-server(7) §4.1.14). */
export function set<Read, Write>(
  atom: Atom<Read, Write>,
): Column<ReadonlySet<Read>, Iterable<Write>> {
  const decode = (json: unknown) => new Set(elements(json).map((element) => atom.decode(element)));
  return {
    initial: new Set(),
    decode,
    encode: (value) => ['set', Array.from(value, (element) => atom.encode(element))],
    patch: (old, difference) => old.symmetricDifference(decode(difference)),
  };
}

/**
 * A map. A difference holds a pair that only one of old and new has, or the new value of a key that
 * both have (ovsdb-server(7) §4.1.14): the pair that is already there is the one that went.
 */
export function map<KeyRead, KeyWrite, Read, Write>(
  key: Atom<KeyRead, KeyWrite>,
  value: Atom<Read, Write>,
): Column<ReadonlyMap<KeyRead, Read>, ReadonlyMap<KeyWrite, Write>> {
  const decode = (json: unknown) =>
    new Map(pairs(json).map(([k, v]) => [key.decode(k), value.decode(v)]));
  return {
    initial: new Map(),
    decode,
    encode: (entries) => ['map', Array.from(entries, ([k, v]) => [key.encode(k), value.encode(v)])],
    patch: (old, difference) => {
      const patched = new Map(old);
      for (const [k, v] of decode(difference)) {
        if (old.has(k) && old.get(k) === v) patched.delete(k);
        else patched.set(k, v);
      }
      return patched;
    },
  };
}

/** RFC 7047 §5.1: a set of exactly one element may be written as that element. */
function elements(json: unknown): readonly unknown[] {
  if (!Array.isArray(json) || json[0] !== 'set') return [json];
  return Array.isArray(json[1]) ? json[1] : refuse('a set', json);
}

function pairs(json: unknown): readonly (readonly [unknown, unknown])[] {
  const found = Array.isArray(json) && json[0] === 'map' ? json[1] : undefined;
  const good = Array.isArray(found) && found.every((pair) => Array.isArray(pair));
  return good ? (found as [unknown, unknown][]) : refuse('a map', json);
}

function refuse(expected: string, found: unknown): never {
  throw new NotationError(expected, found);
}
