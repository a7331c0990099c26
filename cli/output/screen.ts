import type { WriteStream } from 'node:tty';

/** What can be shown on one of the two outputs. */
export interface Screen {
  /** Nothing is shortened or moved where no terminal shows it. */
  readonly isTerminal: boolean;
  /** Colour and lines that change: only on a terminal, never with NO_COLOR (no-color.org). */
  readonly isLively: boolean;
  /** Width in cells; Infinity where there is no terminal. */
  readonly columns: number;
  readonly rows: number;
}

/** A terminal that knows no size of its own says 0. */
export function screenOf(stream: Partial<WriteStream>, env: NodeJS.ProcessEnv): Screen {
  const isTerminal = stream.isTTY === true;
  return {
    isTerminal,
    isLively: isTerminal && !env.NO_COLOR && env.TERM !== 'dumb',
    columns: isTerminal ? stream.columns || 80 : Number.POSITIVE_INFINITY,
    rows: stream.rows || 24,
  };
}
