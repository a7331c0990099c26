import type { Rows } from './monitor.ts';

/** What V8 takes on 64 bits, about, in bytes. */
const cost = { row: 100, column: 8, text: 24, character: 2, collection: 200, element: 32 };

/** How much memory rows hold, about, in bytes. */
export function weightOf(tables: Iterable<Rows>): number {
  let weight = 0;
  for (const rows of tables) {
    for (const row of rows.values()) {
      weight += cost.row;
      for (const value of Object.values(row)) weight += cost.column + weightOfValue(value);
    }
  }
  return weight;
}

function weightOfValue(value: unknown): number {
  if (typeof value === 'string') return cost.text + value.length * cost.character;
  if (value instanceof Map) return weightOfAll(value.keys()) + weightOfAll(value.values());
  return value instanceof Set ? weightOfAll(value.values()) : 0;
}

function weightOfAll(elements: Iterable<unknown>): number {
  let weight = cost.collection;
  for (const element of elements) weight += cost.element + weightOfValue(element);
  return weight;
}
