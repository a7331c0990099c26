import { setting } from './config.ts';
import { list, url } from './configTypes.ts';

/** Where the server is: agent and command line ask for it alike. */
export const serverSetting = setting({
  type: list(url('http', 'https', 'ws', 'wss')),
  default: 'http://127.0.0.1:4000/graphql',
  help: 'GraphQL endpoints of the server, comma-separated; tried in turn',
});

/** A credential has one source: with two set, nobody could tell which one was used. */
export const tokenRule = {
  about: ['token', 'tokenFile'] as const,
  fault: ({ token, tokenFile }: { readonly token?: unknown; readonly tokenFile?: unknown }) =>
    token !== undefined && tokenFile !== undefined
      ? 'Both a token and a token file are set: one of the two must go.'
      : undefined,
};
