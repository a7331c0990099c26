import { readFileSync } from 'node:fs';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { UserError } from '../../lib/errors.ts';

/** Where an ovsdb-server listens, as ovsdb(7) writes it. */
export type Remote =
  | { readonly scheme: 'unix'; readonly path: string }
  | { readonly scheme: 'tcp' | 'ssl'; readonly host: string; readonly port: number };

/** PEM files for `ssl:`. */
export interface TlsFiles {
  readonly privateKey: string;
  readonly certificate: string;
  readonly caCertificate: string;
}

export function parseRemote(text: string): Remote {
  const unix = /^unix:(.+)$/.exec(text);
  if (unix?.[1]) return { scheme: 'unix', path: unix[1] };
  const inet = /^(tcp|ssl):(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text);
  const host = inet?.[2] ?? inet?.[3];
  const port = Number(inet?.[4] ?? 6640); // IANA's port for OVSDB, RFC 7047 §6.
  if (!inet || !host || port < 1 || port > 65_535) {
    throw new UserError(
      `"${text}" names no OVSDB server: use unix:FILE, tcp:HOST[:PORT] or ssl:HOST[:PORT].`,
    );
  }
  return { scheme: inet[1] as 'tcp' | 'ssl', host, port };
}

/** A connected socket; rejects when the server cannot be reached in time. */
export function openSocket(
  remote: Remote,
  tls: TlsFiles | undefined,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const socket = dial(remote, tls);
    const fail = (error: unknown) => {
      limit.removeEventListener('abort', abort);
      socket.destroy();
      reject(error);
    };
    const abort = () => fail(limit.reason);
    limit.addEventListener('abort', abort, { once: true });
    socket.once('error', fail);
    socket.once(remote.scheme === 'ssl' ? 'secureConnect' : 'connect', () => {
      limit.removeEventListener('abort', abort);
      socket.off('error', fail);
      resolve(socket);
    });
  });
}

function dial(remote: Remote, tls: TlsFiles | undefined): Socket {
  if (remote.scheme === 'unix') return connectPlain({ path: remote.path });
  if (remote.scheme === 'tcp') return connectPlain({ ...remote, noDelay: true });
  if (!tls)
    throw new UserError('An ssl: OVSDB server needs a private key, a certificate and a CA.');
  // Open vSwitch certificates name no host: trust is the CA's signature, as in ovs-vsctl.
  return connectTls({
    host: remote.host,
    port: remote.port,
    key: readFileSync(tls.privateKey),
    cert: readFileSync(tls.certificate),
    ca: readFileSync(tls.caCertificate),
    checkServerIdentity: () => undefined,
  });
}
