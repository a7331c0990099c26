/**
 * What was looked up lately, by its key: at most `most`, of which those that were not asked for the longest are
 * forgotten, many at a time. To be asked for costs nothing: a Map that keeps all in order is changed by each look-up.
 */
export class Recent<Key, Value> {
  readonly #half: number;
  /** Asked for since `#older` was last forgotten. */
  #newer = new Map<Key, Value>();
  #older: ReadonlyMap<Key, Value> = new Map();

  constructor(most: number) {
    this.#half = Math.ceil(most / 2);
  }

  get(key: Key): Value | undefined {
    const newer = this.#newer.get(key);
    if (newer !== undefined) return newer;
    const older = this.#older.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  set(key: Key, value: Value): void {
    this.#newer.set(key, value);
    if (this.#newer.size < this.#half) return;
    this.#older = this.#newer;
    this.#newer = new Map();
  }
}
