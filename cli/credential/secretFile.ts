import { open, rm } from 'node:fs/promises';
import { messageOf, UserError } from '../../lib/errors.ts';

/**
 * Makes a secret and writes it into a new file that its owner alone may read. The file comes first: a secret that
 * could not be kept is never made. Where none is made, the file goes again.
 */
export async function writeSecretFile<Secret>(
  path: string,
  make: () => Promise<Secret>,
  textOf: (secret: Secret) => Promise<string>,
): Promise<Secret> {
  const file = await open(path, 'wx', 0o600).catch((error: unknown) => {
    throw new UserError(`The token cannot be written: ${messageOf(error)}.`);
  });
  try {
    const secret = await make();
    await file.writeFile(await textOf(secret));
    return secret;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}
