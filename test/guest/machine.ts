import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';

/** A running qemu. */
export interface Machine {
  end(): Promise<void>;
  /** An error that shows the machine's console, and how much of a processor it had. */
  failure(sentence: string, cause?: unknown): Promise<Error>;
}

const keptConsole = 16 * 1024;
/** sysconf(_SC_CLK_TCK). */
const ticksPerSecond = 100;

/**
 * It shares the processors with whatever else runs, as an equal: at nice 19 beside two busy processes it had 3 % of
 * them, and in 100 s did not print its first word (measured). It does not outlive a test run that was killed.
 */
export function startMachine(options: readonly string[]): Machine {
  const command = ['--pdeathsig=KILL', 'qemu-system-x86_64', ...options];
  const child = spawn('setpriv', command, { stdio: ['ignore', 'pipe', 'pipe'] });
  const startedAt = performance.now();
  const console = keepConsole(child);
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve()).once('close', () => resolve());
  });
  return {
    end: () => {
      child.kill('SIGKILL');
      return ended;
    },
    failure: async (sentence, cause) => {
      const seconds = (performance.now() - startedAt) / 1_000;
      const had = await processorSeconds(child.pid);
      const ran = had === null ? '' : ` In ${seconds.toFixed(1)} s it had ${had} s of processors.`;
      return new Error(`${sentence}${ran} Its console:\n${console()}`, { cause });
    },
  };
}

/** User's and system's time, fields 14 and 15 of proc(5)'s stat, whose second may hold anything; null: it has ended. */
async function processorSeconds(pid: number | undefined): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond).toFixed(1);
}

/** The newest of what it prints. */
function keepConsole({
  stdout,
  stderr,
}: ChildProcessByStdio<null, Readable, Readable>): () => string {
  let kept = '';
  for (const stream of [stdout, stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      kept = (kept + text).slice(-keptConsole);
    });
  }
  return () => kept;
}
