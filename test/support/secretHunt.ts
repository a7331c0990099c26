import { readdirSync, readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const everyMs = 100;

/** Knows the secrets of a test, and looks for them wherever anybody can read. */
export class SecretHunt implements Disposable {
  readonly #secrets = new Set<string>();
  /** By place, so that what is said there again and again is kept once. */
  readonly #heard = new Map<string, Set<string>>();
  readonly #timer = setInterval(() => this.lookAtArguments(), everyMs);

  get count(): number {
    return this.#secrets.size;
  }

  /** Nothing of it may be found, nor of its part that nobody could guess. */
  keep(secret: string): string {
    this.#secrets.add(secret).add(secret.split('.').at(-1) ?? secret);
    return secret;
  }

  hear(place: string, text: string): void {
    const texts = this.#heard.get(place) ?? new Set();
    this.#heard.set(place, texts.add(text));
  }

  /** What `ps` shows of every process there is now. */
  lookAtArguments(): void {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        this.hear('ps', readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
      } catch {
        // It has ended meanwhile.
      }
    }
  }

  /** The places where something was found. */
  found(): string[] {
    return [...this.#heard]
      .filter(([, texts]) => [...texts].some((text) => this.#isIn(text)))
      .map(([place]) => place);
  }

  /** The files below the folder that hold a secret, each with its mode. */
  async files(folder: string): Promise<Map<string, number>> {
    const holding = new Map<string, number>();
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || !this.#isIn(readFileSync(path, 'latin1'))) continue;
      holding.set(path.slice(folder.length + 1), (await stat(path)).mode & 0o777);
    }
    return holding;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #isIn = (text: string): boolean => [...this.#secrets].some((secret) => text.includes(secret));
}
