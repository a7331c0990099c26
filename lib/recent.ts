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
    // Only now: before its first key a Map steps over all that were taken away since it last grew.
    if (this.#values.size > this.#most) this.#forgetLongestUnused();
  }

  #forgetLongestUnused(): void {
    for (const longestUnused of this.#values.keys()) {
      this.#values.delete(longestUnused);
      return;
    }
  }
}
