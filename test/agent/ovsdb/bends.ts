import fc from 'fast-check';

/** JSON that JSON.parse takes and nobody expects. */
export const strangeJson = fc.oneof(
  { withCrossShrink: true },
  fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value)),
  fc.constantFrom(
    'null',
    '{}',
    '[]',
    '-0',
    '1e400',
    '9007199254740993',
    '{"__proto__":{"polluted":1}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    '{"toString":1,"valueOf":1}',
    '["set",[["uuid"]]]',
    '["set",1]',
    '["map",[[1]]]',
    '["map",[["a","b"],["a","c"]]]',
    '["uuid","__proto__"]',
    '["named-uuid","x"]',
    '"\\u0000\\ud800"',
    `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    `"${'x'.repeat(100_000)}"`,
  ),
);

const names = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '_uuid',
  '',
  'error',
  'delete',
  'modify',
  'new',
);

/** One thing done to a value somewhere in a message; places are taken modulo what there is. */
type Bend =
  | { readonly kind: 'replace'; readonly at: number; readonly json: string }
  | { readonly kind: 'remove'; readonly at: number }
  | { readonly kind: 'rename'; readonly at: number; readonly name: string }
  | { readonly kind: 'repeat'; readonly at: number; readonly times: number }
  | { readonly kind: 'move'; readonly at: number; readonly to: number }
  | { readonly kind: 'wrap'; readonly at: number; readonly depth: number };

const at = fc.nat();
export const bends: fc.Arbitrary<Bend[]> = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('replace' as const), at, json: strangeJson }),
    },
    fc.record({ kind: fc.constant('remove' as const), at }),
    fc.record({ kind: fc.constant('rename' as const), at, name: names }),
    fc.record({
      kind: fc.constant('repeat' as const),
      at,
      times: fc.integer({ min: 2, max: 500 }),
    }),
    fc.record({ kind: fc.constant('move' as const), at, to: at }),
    fc.record({ kind: fc.constant('wrap' as const), at, depth: fc.integer({ min: 1, max: 100 }) }),
  ),
  { minLength: 1, maxLength: 4 },
);

const mostRepeated = 100_000;

/** A JSON text with these bends. Texts are put in at the end, as they are. */
export function bent(text: string, all: readonly Bend[]): string {
  const root = { message: JSON.parse(text) as unknown };
  const texts: string[] = [];
  for (const bend of all) bendOnce(root, bend, texts);
  const bentText = JSON.stringify(root.message) ?? 'null';
  return bentText.replaceAll(/"text-(\d+)-of-the-test"/g, (_found, n) => texts[Number(n)] ?? '');
}

interface Place {
  readonly parent: Record<string | number, unknown>;
  readonly key: string;
}

/** As deep as anybody looks: what was put in by an earlier bend may be deeper than calls can go. */
function placesIn(value: unknown, depth = 100, found: Place[] = []): Place[] {
  if (typeof value !== 'object' || value === null || depth === 0) return found;
  for (const key of Object.keys(value)) {
    const parent = value as Place['parent'];
    found.push({ parent, key });
    placesIn(parent[key], depth - 1, found);
  }
  return found;
}

function bendOnce(root: object, bend: Bend, texts: string[]): void {
  const places = placesIn(root);
  const place = places[bend.at % places.length];
  if (!place) return;
  const { parent, key } = place;
  switch (bend.kind) {
    case 'replace':
      parent[key] = `text-${texts.push(bend.json) - 1}-of-the-test`;
      break;
    case 'remove':
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete parent[key];
      break;
    case 'rename':
      if (Array.isArray(parent)) break;
      // Defined, not assigned: to a `__proto__` that is a key as any other.
      Object.defineProperty(parent, bend.name, {
        value: parent[key],
        enumerable: true,
        configurable: true,
        writable: true,
      });
      break;
    case 'repeat': {
      const value = parent[key];
      // Of what is long already, repeated again, no text could be made; nor of what a later bend changes in all copies.
      if ((JSON.stringify(value) ?? '').length * bend.times > mostRepeated) break;
      const copies = Array.from({ length: bend.times }, () => structuredClone(value));
      if (Array.isArray(parent)) parent.push(...copies);
      else for (const [n, copy] of copies.entries()) parent[`${key}${n}`] = copy;
      break;
    }
    case 'move': {
      const from = places[bend.to % places.length] as Place;
      parent[key] = structuredClone(from.parent[from.key]);
      break;
    }
    case 'wrap':
      for (let n = 0; n < bend.depth; n += 1) parent[key] = [parent[key]];
      break;
  }
}
