import { fitTo } from './cells.ts';
import type { Screen } from './screen.ts';

/** Lines on standard error that are written anew in place; nothing where no terminal shows them. */
export class LiveLines {
  readonly #screen: Screen;
  readonly #write: (text: string) => void;
  #shown = 0;

  constructor(screen: Screen, write: (text: string) => void) {
    this.#screen = screen;
    this.#write = write;
  }

  show(lines: readonly string[]): void {
    if (!this.#screen.isLively) return;
    // One row must stay for the cursor: lines that scroll away can never be written over.
    const most = Math.max(1, this.#screen.rows - 1);
    const shown = lines.length <= most ? lines : [...lines.slice(0, most - 1), '…'];
    const texts = shown.map((text) => `${fitTo(text, this.#screen.columns - 1).trimEnd()}\n`);
    this.#write(this.#erase() + texts.join(''));
    this.#shown = texts.length;
  }

  clear(): void {
    if (this.#shown > 0) this.#write(this.#erase());
    this.#shown = 0;
  }

  /** ECMA-48: cursor up (CUU), then erase to the end of the display (ED). */
  #erase(): string {
    return this.#shown > 0 ? `\x1b[${this.#shown}A\x1b[J` : '';
  }
}
