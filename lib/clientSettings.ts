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

/** A credential has one source: with two set, nobody could tell which one was used. */
export const tokenRule = {
  about: ['token', 'tokenFile'] as const,
  fault: ({ token, tokenFile }: { readonly token?: unknown; readonly tokenFile?: unknown }) =>
    token !== undefined && tokenFile !== undefined
      ? 'Both a token and a token file are set: one of the two must go.'
      : undefined,
};
