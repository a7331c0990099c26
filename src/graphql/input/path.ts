/** Where a value stands among a field's arguments: `['input', 'rules', 3, 'maxKbps']`. */
export type InputPath = readonly (string | number)[];

/** Where a value stands: under which names, and in which input type; null: it is an argument. */
export interface Place {
  readonly path: InputPath;
  readonly parent: string | null;
}

/**
 * `extensions.field` of the contract. A mutation has one argument, `input`, which goes without saying:
 * `rules[3].maxKbps`, `filter.id[2]`, `first`.
 */
export function fieldOf(path: InputPath): string {
  return textOf(path[0] === 'input' && path.length > 1 ? path.slice(1) : path);
}

/** How a sentence calls the value: the name it stands under, with its index in a list. */
export function nameOf(path: InputPath): string {
  return textOf(path.slice(path.findLastIndex((key) => typeof key === 'string')));
}

function textOf(path: InputPath): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}
