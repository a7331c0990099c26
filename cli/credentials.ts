import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, UserError } from '../lib/errors.ts';
import type { CliConfig } from './config.ts';
import { exitCodes } from './exitCodes.ts';

/** Your credential. Rejects with what to set where there is none. */
export async function readToken({ token, tokenFile, data }: CliConfig): Promise<string> {
  if (token !== undefined) return token;
  const file = tokenFile ?? join(data, 'admin.token');
  try {
    const found = await readFile(file, 'utf8');
    return found.trim();
  } catch (error) {
    if (tokenFile !== undefined) {
      const sentence = `The token file cannot be read: ${messageOf(error)}.`;
      throw new UserError(sentence, exitCodes.usage);
    }
    throw new UserError(
      `There is no token: set SLUICE_TOKEN or --token-file. (A local start keeps one in ${file}, which cannot be read.)`,
      exitCodes.notAllowed,
    );
  }
}

/** The certificates that the server's is judged by; undefined: those that Node brings. */
export async function readCa({ caFile }: CliConfig): Promise<string | undefined> {
  if (caFile === undefined) return undefined;
  try {
    return await readFile(caFile, 'utf8');
  } catch (error) {
    const sentence = `The file of certificates cannot be read: ${messageOf(error)}.`;
    throw new UserError(sentence, exitCodes.usage);
  }
}
