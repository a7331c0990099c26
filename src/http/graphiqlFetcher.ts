/** A request as GraphiQL makes it. */
interface Params {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: unknown;
}

interface Asking {
  readonly headers?: Readonly<Record<string, string>>;
  /** What `query` parses to; not there for GraphiQL's own look at the schema. */
  readonly documentAST?: {
    readonly definitions: readonly {
      readonly operation?: string;
      readonly name?: { readonly value: string } | undefined;
    }[];
  };
}

/** Whom GraphiQL tells what comes. */
interface Observer {
  next(result: unknown): void;
  complete(): void;
}

/**
 * How GraphiQL's page asks: by POST, and subscriptions over a WebSocket of their own, whose `connection_init` has the
 * headers that the user typed. It runs in a browser, from its text: it uses nothing of this file's or of others.
 */
export function graphiqlFetcher(endpoint: string) {
  const isSubscription = ({ operationName }: Params, { documentAST }: Asking): boolean =>
    documentAST?.definitions.some(
      ({ operation, name }) =>
        operation === 'subscription' && (!operationName || name?.value === operationName),
    ) ?? false;

  const post = async (params: Params, headers: Asking['headers']): Promise<unknown> => {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(params),
    });
    return response.json();
  };

  const listen = (params: Params, headers: Asking['headers'], observer: Observer) => {
    const socket = new WebSocket(endpoint.replace(/^http/, 'ws'), 'graphql-transport-ws');
    const say = (message: object) => socket.send(JSON.stringify(message));
    const names = Object.entries(headers ?? {}).map(([name, text]) => [name.toLowerCase(), text]);
    socket.onopen = () => say({ type: 'connection_init', payload: Object.fromEntries(names) });
    socket.onmessage = ({ data }) => {
      const { type, payload } = JSON.parse(data as string);
      if (type === 'connection_ack') say({ id: '1', type: 'subscribe', payload: params });
      if (type === 'ping') say({ type: 'pong' });
      if (type === 'next') observer.next(payload);
      if (type === 'error') observer.next({ errors: payload });
      if (type === 'error' || type === 'complete') socket.close(1000);
    };
    socket.onclose = ({ code, reason }) => {
      const message = `The server closed the connection with code ${code}. ${reason}`.trim();
      if (code !== 1000) observer.next({ errors: [{ message }] });
      observer.complete();
    };
    return { unsubscribe: () => socket.close(1000) };
  };

  return (params: Params, asking: Asking = {}) =>
    isSubscription(params, asking)
      ? { subscribe: (observer: Observer) => listen(params, asking.headers, observer) }
      : post(params, asking.headers);
}
