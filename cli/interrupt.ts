import { exitCodes } from './exitCodes.ts';
import type { Terminal } from './output/terminal.ts';

/** Ctrl-C ends the command at once and says what stays done. Outputs are written synchronously on Linux. */
export function exitOnInterrupt(terminal: Terminal): void {
  process.once('SIGINT', () => {
    terminal.say(terminal.interruption);
    process.exit(exitCodes.interrupted);
  });
}
