import { type Screen, screenOf } from './screen.ts';

/** The two outputs: data goes to standard output, everything else to standard error. */
export class Terminal {
  readonly out: Screen = screenOf(process.stdout, process.env);
  readonly err: Screen = screenOf(process.stderr, process.env);
  #interruption = 'Interrupted.';

  print(text: string): void {
    process.stdout.write(text);
  }

  say(sentence: string): void {
    process.stderr.write(`${sentence}\n`);
  }

  /** Somebody can be asked: both ends of a question are a terminal. */
  get canAsk(): boolean {
    return process.stdin.isTTY === true && this.err.isTerminal;
  }

  /** What Ctrl-C says from now on: what was done stays done. */
  set interruption(sentence: string) {
    this.#interruption = sentence;
  }

  get interruption(): string {
    return this.#interruption;
  }
}
