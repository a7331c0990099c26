interface Entry<T> {
  readonly inputs: readonly unknown[];
  readonly answer: T;
}

/**
 * What a pure function answered, by key, for as long as its inputs are the very same objects: rows and rules never
 * change, a change makes new ones. So a round costs what changed, and decides the same as if it remembered nothing.
 */
export class Memo<T> {
  #entries = new Map<string, Entry<T>>();
  #previous = new Map<string, Entry<T>>();

  /** The answer for `key`; `inputs` must be all that `compute` goes by. */
  answer(key: string, inputs: readonly unknown[], compute: () => T): T {
    const known = this.#entries.get(key) ?? this.#previous.get(key);
    const entry = known && sameInputs(known.inputs, inputs) ? known : { inputs, answer: compute() };
    this.#entries.set(key, entry);
    return entry.answer;
  }

  /** A round is over: what it did not ask for is forgotten. */
  sweep(): void {
    this.#previous = this.#entries;
    this.#entries = new Map();
  }
}

function sameInputs(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((input, index) => input === b[index]);
}
