import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientTls } from '../client/post.ts';
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

/** By what the server's certificate is judged, if not by what Node brings, and what the server is shown. */
export async function readTls({ caFile, clientCert, clientKey }: CliConfig): Promise<ClientTls> {
  const [ca, cert, key] = await Promise.all([
    read(caFile, 'The file of certificates'),
    read(clientCert, 'Your certificate'),
    read(clientKey, 'The key of your certificate'),
  ]);
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

async function read(path: string | undefined, what: string): Promise<string | undefined> {
  try {
    return path === undefined ? undefined : await readFile(path, 'utf8');
  } catch (error) {
    const sentence = `${what} cannot be read: ${messageOf(error)}.`;
    throw new UserError(sentence, exitCodes.usage);
  }
}
