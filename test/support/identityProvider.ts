import { createServer, type Server } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import Provider, { type Configuration } from 'oidc-provider';

/** A real OpenID provider on loopback, which tells of programs that log in with their own secret. */
export interface TestProvider extends AsyncDisposable {
  readonly issuer: string;
  readonly audience: string;
  /** Requests to it so far, by path. */
  readonly asked: ReadonlyMap<string, number>;
  /** A token whose claims are these besides the provider's own. */
  token(claims: Readonly<Record<string, unknown>>, resource?: string): Promise<string>;
  stop(): Promise<void>;
}

const audience = 'https://sluice.example.org';
const client = { id: 'operator', secret: 'a secret of tests' };

export async function startProvider(port = 0): Promise<TestProvider> {
  const asked = new Map<string, number>();
  let extra: Readonly<Record<string, unknown>> = {};
  const server = createServer();
  const issuer = `http://127.0.0.1:${await listen(server, port)}`;
  const provider = new Provider(issuer, await configuration(() => extra));
  const answer = provider.callback();
  server.on('request', (request, response) => {
    const path = request.url ?? '';
    asked.set(path, (asked.get(path) ?? 0) + 1);
    void answer(request, response);
  });
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    issuer,
    audience,
    asked,
    async token(claims, resource = audience) {
      extra = claims;
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${btoa(`${client.id}:${encodeURIComponent(client.secret)}`)}`,
        },
        body: new URLSearchParams({ grant_type: 'client_credentials', resource }),
      });
      const body = (await response.json()) as { readonly access_token?: string };
      if (body.access_token === undefined) throw new Error(JSON.stringify(body));
      return body.access_token;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function configuration(
  extra: () => Readonly<Record<string, unknown>>,
): Promise<Configuration> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), use: 'sig', alg: 'ES256', kid: 'first' }] },
    extraTokenClaims: () => ({ sub: client.id, ...extra() }),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, resource) => ({
          scope: '',
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 600,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
}
