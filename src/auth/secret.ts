import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeDurably } from '../../lib/durableFile.ts';
import { messageOf, UserError } from '../../lib/errors.ts';

// RFC 7518 §3.2: an HS256 key has at least the hash's 256 bits.
const leastBytes = 32;

/** The key that signs tokens; made at the first call, readable by its owner only. */
export async function loadTokenSecret(path: string): Promise<Uint8Array> {
  await createIfMissing(path);
  const { mode } = await stat(path);
  if (mode & 0o077) {
    throw new UserError(
      `${path} signs every token and can be read by others: chmod 600 it, or delete it to make all tokens void.`,
    );
  }
  const secret = Buffer.from((await readFile(path, 'utf8')).trim(), 'base64url');
  if (secret.length < leastBytes) {
    throw new UserError(
      `${path} must hold at least ${leastBytes} random bytes in base64url, not ${secret.length}.`,
    );
  }
  return secret;
}

/** Two servers started together end up with one secret: link(2) fails where the file exists. */
async function createIfMissing(path: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    if (await exists(path)) return;
    await writeDurably(draft, `${randomBytes(leastBytes).toString('base64url')}\n`);
    await link(draft, path);
  } catch (error) {
    if (isCode(error, 'EEXIST')) return;
    throw new UserError(`The token secret cannot be made: ${messageOf(error)}.`);
  } finally {
    await rm(draft, { force: true });
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error: unknown) => {
      if (isCode(error, 'ENOENT')) return false;
      throw error;
    },
  );

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
