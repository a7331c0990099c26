/** What was looked up lately, by its key: of more than `most` the one that was not asked for the longest is forgotten. */
export class Recent<Key, Value> {
  readonly #most: number;
  /** The longest unused first: a Map keeps the order in which its keys came. */
  readonly #values = new Map<Key, Value>();

  constructor(most: number) {
    this.#most = most;
  }

  get(key: Key): Value | undefined {
    const value = this.#values.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: Key, value: Value): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    const [longestUnused] = this.#values.keys();
    if (this.#values.size > this.#most && longestUnused !== undefined) {
      this.#values.delete(longestUnused);
    }
  }
}
