import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';

/** TLS in front of a port of this machine, with a certificate for `localhost` by an authority of its own. */
export interface TlsFront extends AsyncDisposable {
  readonly port: number;
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** `wantsCertificate`: it turns away who shows none of that authority; its own is one. */
export async function startTlsFront(
  port: number,
  { days = 1, wantsCertificate = false } = {},
): Promise<TlsFront> {
  const folder = await mkdtemp('/tmp/sluice-tls-');
  const files = makeCertificate(folder, days);
  const server = createServer(
    {
      ...{ key: await readFile(files.key), cert: await readFile(files.cert) },
      ...(wantsCertificate && { requestCert: true, ca: await readFile(files.ca) }),
    },
    (socket) => {
      const behind = connect(port, '127.0.0.1');
      socket.on('error', () => behind.destroy()).pipe(behind);
      behind.on('error', () => socket.destroy()).pipe(socket);
    },
  );
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    ...{ caFile: files.ca, certFile: files.cert, keyFile: files.key },
    [Symbol.asyncDispose]: async () => {
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}

function makeCertificate(folder: string, days: number) {
  const file = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const [ca, caKey, cert, key] = ['ca.pem', 'ca.key', 'cert.pem', 'key.pem'].map(file) as [
    string,
    string,
    string,
    string,
  ];
  const authority = ['-subj', '/CN=test authority', '-keyout', caKey, '-out', ca];
  openssl('req', '-x509', ...newKey, '-days', '1', ...authority);
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const signed = ['-CA', ca, '-CAkey', caKey, '-keyout', key, '-out', cert];
  openssl('req', '-x509', ...newKey, '-days', String(days), ...names, ...signed);
  return { ca, cert, key };
}
