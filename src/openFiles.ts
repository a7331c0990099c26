import { readFile } from 'node:fs/promises';
import type { Logger } from '../lib/log.ts';

/** Fewer than this, and a fleet of some size finds the server without a socket to give. */
const fewFiles = 4_096;

/** Says where this process may open few files: each agent's socket is one. Node has raised the soft limit to the hard one. */
export async function warnOfFewFiles(log: Logger): Promise<void> {
  // Linux only; elsewhere there is nothing to read, and nothing is said.
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const openFiles = Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  if (openFiles >= fewFiles) return;
  log.warn(
    { openFiles },
    `This process may have ${openFiles} files open, and each agent's socket is one: for more agents raise the hard limit (LimitNOFILE= in systemd, ulimit -Hn).`,
  );
}
