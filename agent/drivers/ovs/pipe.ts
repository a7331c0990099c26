import { execFileSync } from 'node:child_process';
import { constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The two ends of a pipe, as files. */
export interface Pipe {
  readonly inlet: number;
  /** Reads without blocking. */
  readonly outlet: number;
}

/** A pipe of the kernel's, which Node itself makes for nobody; null where none can be made: a file of that kind has to be for a moment. */
export function openPipe(): Pipe | null {
  try {
    return makePipe();
  } catch {
    return null;
  }
}

function makePipe(): Pipe {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-pipe-'));
  try {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', ['-m', '600', path], { stdio: 'ignore' });
    // fifo(7): who reads without blocking does not wait for one who writes, and who writes then finds a reader.
    const outlet = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return { outlet, inlet: openSync(path, constants.O_WRONLY) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
