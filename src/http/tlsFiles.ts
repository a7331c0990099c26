import type { Server } from 'node:https';
import { createSecureContext } from 'node:tls';
import { messageOf } from '../../lib/errors.ts';
import type { Logger } from '../../lib/log.ts';
import { sleep } from '../../lib/retry.ts';

/** What TLS is served with, as it was read. */
export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer | string;
  /** Whose certificates agents may show. */
  readonly clientCa: Buffer | undefined;
}

export interface TlsOptions {
  readonly files: TlsFiles;
  /** Nobody without a certificate gets as far as a token. */
  readonly clientRequired: boolean;
  /** Reads the files again. */
  readonly read: () => Promise<TlsFiles>;
}

export const secureContextOf = ({ cert, key, clientCa }: TlsFiles) => ({
  ...{ cert, key },
  ...(clientCa ? { ca: clientCa } : {}),
});

const everyMs = 2_000;

/**
 * Serves new connections with what the files hold now. Read and compared, as no watch hears of every way to replace
 * a file; a certificate whose key is not there yet does not count until it is.
 */
export async function followTlsFiles(
  server: Server,
  { files, read }: TlsOptions,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  let used = files;
  let said = '';
  while (!signal.aborted) {
    await sleep(everyMs, signal);
    if (signal.aborted) return;
    try {
      const found = await read();
      if (isSame(found, used)) continue;
      createSecureContext(secureContextOf(found));
      server.setSecureContext(secureContextOf(found));
      used = found;
      said = '';
      log.info('New connections are served with the TLS files that are there now.');
    } catch (error) {
      const fault = messageOf(error);
      if (fault !== said) {
        log.warn({ fault }, 'The TLS files that are there now cannot be used; the last ones are.');
      }
      said = fault;
    }
  }
}

const isSame = (one: TlsFiles, other: TlsFiles): boolean =>
  String(one.cert) === String(other.cert) &&
  String(one.key) === String(other.key) &&
  String(one.clientCa ?? '') === String(other.clientCa ?? '');
