import type { Answer, ResponseError } from '../../../support/server.ts';

/** What a caller gets of a field: `value`, `null`, `empty` (a list), `nothing` (no event), or the code of a refusal. */
export type Cell = string;

/** Undefined: what was refused beside the field took its answer along, so it has to be asked again without that. */
export function cellOf(
  { data, errors = [] }: Answer<unknown>,
  path: readonly string[],
): Cell | undefined {
  const refusals = errors.filter((error) => concerns(error, path));
  if (refusals.length > 0) return refusals.map(({ extensions }) => extensions.code).join(' ');
  const cell = valueCell(data, path);
  return errors.length > 0 && cell === 'null' ? undefined : cell;
}

/** Of a whole operation, of the root, or of the field itself. */
function concerns({ path }: ResponseError, asked: readonly string[]): boolean {
  const fields = path?.filter((step) => typeof step === 'string') ?? [];
  return fields.length <= 1 || fields.join() === asked.join();
}

function valueCell(value: unknown, path: readonly string[]): Cell {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) {
    const cells = value.map((entry) => valueCell(entry, path));
    return cells.find((cell) => cell === 'value') ?? cells[0] ?? 'empty';
  }
  if (isEmptyPage(value)) return 'empty';
  const [field, ...rest] = path;
  return field === undefined ? 'value' : valueCell((value as Record<string, unknown>)[field], rest);
}

/** All that is said of a page without entries says that there are none. */
const isEmptyPage = (value: unknown): boolean => {
  const { totalCount, startCursor } = Object(value);
  return totalCount === 0 || startCursor === null;
};
