import { readFile, stat } from 'node:fs/promises';
import { UserError } from './errors.ts';

/**
 * Reads a file that holds a secret. Refuses one that others may read, by libpq's rule for keys: 0600 where the
 * program's user owns it, 0640 where root does. `what` begins the sentence: "The agent's token".
 */
export async function readSecretFile(path: string, what: string): Promise<string> {
  const { mode, uid } = await stat(path);
  const tooOpen = uid === 0 ? 0o037 : 0o077;
  if (mode & tooOpen) {
    throw new UserError(
      `${what} in ${path} can be read or changed by others (mode ${(mode & 0o777).toString(8)}): chmod 600 it.`,
    );
  }
  return readFile(path, 'utf8');
}
