import { setting } from './config.ts';
import { list, path, url } from './configTypes.ts';

/** Where the server is: agent and command line ask for it alike. */
export const serverSetting = setting({
  type: list(url('http', 'https', 'ws', 'wss')),
  default: 'http://127.0.0.1:4000/graphql',
  help: 'GraphQL endpoints of the server, comma-separated; tried in turn',
});

/** By what the server's certificate is judged: the same name wherever a server is asked. */
export const caFileSetting = setting({
  type: path(),
  placeholder: 'file',
  help: 'certificates (PEM) of the authority that signed the server’s, where this machine does not know it',
});

/** What a server that asks for a certificate is shown. */
export const clientCertSettings = {
  clientCert: setting({
    type: path(),
    placeholder: 'file',
    help: 'PEM file with the certificate that the server is shown; read again on each connection',
  }),
  clientKey: setting({
    type: path(),
    placeholder: 'file',
    help: "PEM file with that certificate's key",
  }),
};

export const clientCertRule = {
  about: ['clientCert', 'clientKey'] as const,
  fault: ({
    clientCert,
    clientKey,
  }: {
    readonly clientCert?: unknown;
    readonly clientKey?: unknown;
  }) =>
    (clientCert === undefined) !== (clientKey === undefined)
      ? 'A client certificate needs both --client-cert and --client-key.'
      : undefined,
};

/** A credential has one source: with two set, nobody could tell which one was used. */
export const tokenRule = {
  about: ['token', 'tokenFile'] as const,
  fault: ({ token, tokenFile }: { readonly token?: unknown; readonly tokenFile?: unknown }) =>
    token !== undefined && tokenFile !== undefined
      ? 'Both a token and a token file are set: one of the two must go.'
      : undefined,
};
