import { readFile } from 'node:fs/promises';
import { readSecretFile } from '../lib/secretFile.ts';
import type { AgentConfig } from './config.ts';

/** What the agent shows a server, and whom it trusts. */
export interface ClientTls {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: string;
}

/** Read on each connection, so that a renewed certificate is found. */
export async function readTls({ clientCert, clientKey, caFile }: AgentConfig): Promise<ClientTls> {
  return {
    ...(caFile === undefined ? {} : { ca: await readFile(caFile) }),
    ...(clientCert === undefined ? {} : { cert: await readFile(clientCert) }),
    ...(clientKey === undefined
      ? {}
      : { key: await readSecretFile(clientKey, "The key of the agent's certificate") }),
  };
}
