import type { Json } from './notation.ts';
import type { Mutation, Operation } from './operations.ts';

/** What operations of one row take from a map and put into it. */
interface Gathered {
  readonly row: string;
  readonly first: Operation;
  readonly column: string;
  readonly keys: Set<Json>;
  readonly pairs: Map<Json, Json>;
}

/**
 * The same operations in fewer: those that follow each other and only take keys from one map of one row, and put pairs
 * into it, become one. ovsdb-server goes through the whole map for each operation: 1,000 of them took 35 ms (measured).
 */
export function joinMutations(operations: readonly Operation[]): Operation[] {
  const joined: Operation[] = [];
  let open: Gathered | null = null;
  const close = () => {
    if (open) joined.push(written(open));
    open = null;
  };
  for (const operation of operations) {
    const next = gather(operation);
    if (open && next && canJoin(open, next)) add(open, next);
    else {
      close();
      open = next;
      if (!next) joined.push(operation);
    }
  }
  close();
  return joined;
}

function gather(operation: Operation): Gathered | null {
  if (operation.op !== 'mutate') return null;
  const mutations = operation.mutations as readonly Mutation[];
  const column = mutations[0]?.[0];
  const gathered: Gathered = {
    row: JSON.stringify([operation.table, operation.where]),
    first: operation,
    column: column ?? '',
    keys: new Set(),
    pairs: new Map(),
  };
  for (const [index, [of, mutator, value]] of mutations.entries()) {
    const [kind, members] = value as readonly [string, readonly Json[]];
    if (of !== column || !Array.isArray(members)) return null;
    if (mutator === 'delete' && kind === 'set' && index === 0) {
      for (const key of members) gathered.keys.add(key);
    } else if (mutator === 'insert' && kind === 'map') {
      for (const [key, pair] of members as [Json, Json][]) gathered.pairs.set(key, pair);
    } else return null;
  }
  return gathered;
}

/** What both name would depend on which comes first. */
function canJoin(open: Gathered, { row, column, keys, pairs }: Gathered): boolean {
  const isNew = (key: Json) => !open.keys.has(key) && !open.pairs.has(key);
  const areNew = [...keys, ...pairs.keys()].every(isNew);
  return open.row === row && open.column === column && areNew;
}

function add(open: Gathered, { keys, pairs }: Gathered): void {
  for (const key of keys) open.keys.add(key);
  for (const [key, value] of pairs) open.pairs.set(key, value);
}

function written({ first, column, keys, pairs }: Gathered): Operation {
  const forget: Mutation[] = keys.size > 0 ? [[column, 'delete', ['set', [...keys]]]] : [];
  const insert: Mutation[] = pairs.size > 0 ? [[column, 'insert', ['map', [...pairs]]]] : [];
  return { ...first, mutations: [...forget, ...insert] };
}
