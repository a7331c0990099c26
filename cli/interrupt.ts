import { exitCodes } from './exitCodes.ts';
import type { Terminal } from './output/terminal.ts';

/** Ctrl-C ends the command at once and says what stays done. Outputs are written synchronously on Linux. */
export function exitOnInterrupt(terminal: Terminal): void {
  process.once('SIGINT', () => {
    terminal.say(terminal.interruption);
    process.exit(exitCodes.interrupted);
  });
}

/** `sluice rule list | head`: whoever reads has read enough, and that is no fault. */
export function exitWhenUnread(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
}
