import { UserError } from '../../lib/errors.ts';
import { exitCodes } from '../exitCodes.ts';
import type { Looked } from './looks.ts';
import type { Target, Verdict } from './target.ts';

const mostTold = 20;

/** How a wait ended. */
export class Outcome {
  readonly #verdict: Verdict;
  readonly #last: Looked;
  readonly #seconds: number;

  constructor(verdict: Verdict, last: Looked, seconds: number) {
    this.#verdict = verdict;
    this.#last = last;
    this.#seconds = seconds;
  }

  get isSettled(): boolean {
    return this.#verdict === 'settled';
  }

  /** Throws with the reason of each host that failed (exit code 1), or that has not settled in time (6). */
  throwUnlessSettled(): void {
    if (this.isSettled) return;
    const { targets, fault } = this.#last;
    if (this.#verdict === 'failed') {
      const failed = targets.filter(({ state }) => state === 'failed');
      throw new UserError(failed.slice(0, mostTold).map(sentence).join('\n'), exitCodes.failed);
    }
    const waiting = targets.filter(({ state }) => state === 'waiting');
    const more = waiting.length > mostTold ? [`… and ${waiting.length - mostTold} more.`] : [];
    const told = [...waiting.slice(0, mostTold).map(sentence), ...more];
    const heading = `Not all has settled within ${this.#seconds} s; it goes on without this command.`;
    const lines = [heading, ...told, ...(fault === null ? [] : [fault])];
    throw new UserError(lines.join('\n'), exitCodes.waitRanOut);
  }
}

function sentence({ host, subject, status, message }: Target): string {
  const where = host === null ? '' : `${host}: `;
  return `${where}${subject} is ${status}: ${message}${/[.!?]$/.test(message) ? '' : '.'}`;
}
