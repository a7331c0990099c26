import type { ExecutionArgs, GraphQLError } from 'graphql';
import type { ServerOptions, Context as SocketContext, SubscribePayload } from 'graphql-ws';
import { asTraceparent } from '../../lib/tracing.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import type { Credential } from '../auth/claims.ts';
import type { Peer } from '../auth/peer.ts';
import type { Actor } from '../domain/actor.ts';
import type { Context } from '../graphql/context.ts';
import { faultError, responseErrors, withoutHttp } from '../graphql/errors.ts';
import type { Services } from '../services/services.ts';
import { type Budget, costOfRefusal } from './budget.ts';
import type { Engine } from './engine.ts';
import { prepareOperation } from './operation.ts';
import { operationOf } from './tracedOperation.ts';

/** What operations are run with. */
export interface OperationParts {
  readonly engine: Engine;
  readonly services: Services;
  readonly authenticator: Authenticator;
  readonly budget: Budget;
}

/** What one socket holds. */
export interface Connection {
  readonly peer: Peer;
  /** Undefined before `connection_init`. */
  credential: Credential | undefined;
  /** What is under way, by what asked for it: an id may come again before what it named has ended. */
  readonly operations: Map<SubscribePayload, AbortController>;
  /** Its client spoke since this was looked at last. */
  heard: boolean;
  /** How many messages it sent since then. */
  messages: number;
  /** Gives it its place among the caller's sockets; refuses where there is none. */
  readonly settle: (actor: Actor) => void;
}

type Socket = SocketContext<Record<string, unknown>, Connection>;
type Hooks = Pick<
  ServerOptions<Record<string, unknown>, Connection>,
  'onConnect' | 'onSubscribe' | 'onOperation' | 'onComplete' | 'onError' | 'execute' | 'subscribe'
>;

const mostOperations = 16;

/**
 * How a socket's operations run: each by the engine, as over HTTP, with its own abort signal. No
 * bad operation closes the socket, which would end the others too: its errors are its answer.
 */
export function socketOperations(parts: OperationParts): Hooks {
  const { engine, authenticator } = parts;
  const { log } = parts.services;
  const refused = (error: unknown) => ({ errors: responseErrors(error, log) });
  return {
    /** Throws what the credential is refused with; the socket closes then. */
    async onConnect({ connectionParams, extra }) {
      const { authorization, host } = connectionParams ?? {};
      const header = typeof authorization === 'string' ? authorization : null;
      const peer = { ...extra.peer, ...(typeof host === 'string' ? { says: host } : {}) };
      const credential = await authenticator.authenticate(header, peer);
      extra.settle(credential.actor);
      extra.credential = credential;
    },
    onSubscribe(socket, _id, payload) {
      try {
        return prepare(parts, socket, payload);
      } catch (error) {
        return refused(error).errors;
      }
    },
    execute(args) {
      const result = engine.execute(args).catch(refused);
      // One that can be completed while it runs; a mutation is finished.
      return operationOf(args.document, args.operationName).operation === 'query'
        ? unlessAborted(result, args.contextValue as Context)
        : result;
    },
    subscribe: async (args) => {
      try {
        return await engine.subscribe(args);
      } catch (error) {
        return refused(error);
      }
    },
    onOperation({ extra }, _id, payload, _args, result) {
      if (!('next' in result)) return;
      const controller = extra.operations.get(payload);
      return endingAtOnce(result, () => controller?.abort());
    },
    onError: (_socket, _id, _payload, errors) =>
      errors.flatMap((error) => responseErrors(error, log)).map(withoutHttp),
    onComplete({ extra }, _id, payload) {
      extra.operations.delete(payload);
    },
  };
}

/** What to run, or what is wrong with it. */
function prepare(
  { engine, services, authenticator, budget }: OperationParts,
  { extra }: Socket,
  payload: SubscribePayload,
): ExecutionArgs | readonly GraphQLError[] {
  const { query, operationName = null, variables = null, extensions } = payload;
  const { credential, operations } = extra;
  if (!credential) throw new Error('An operation came before its credential.');
  authenticator.check(credential);
  if (operations.size >= mostOperations) return [tooMany()];

  const controller = new AbortController();
  const { actor } = credential;
  const traceparent = asTraceparent(extensions?.traceparent);
  const context: Context = {
    services,
    actor,
    traceparent,
    // Made where somebody asks for it: no heartbeat does.
    get signal() {
      return controller.signal;
    },
  };
  const operation = chargedFor(budget, actor, () =>
    prepareOperation(engine, context, { query, operationName, variables }),
  );
  if (!('args' in operation)) return operation;
  budget.charge(actor, operation.cost);
  operations.set(payload, controller);
  return operation.args;
}

/** What is refused is paid for too: to find out why may be all that it costs. */
function chargedFor<T extends object>(budget: Budget, actor: Actor, prepared: () => T): T {
  let operation: T | undefined;
  try {
    operation = prepared();
    return operation;
  } finally {
    if (!operation || !('args' in operation)) budget.charge(actor, costOfRefusal);
  }
}

const tooMany = (): GraphQLError =>
  faultError({
    code: 'LIMIT_EXCEEDED',
    message: `A socket carries ${mostOperations} operations at a time; complete one, or open another socket.`,
  });

async function* unlessAborted<T>(
  result: Promise<T>,
  { signal }: Pick<Context, 'signal'>,
): AsyncGenerator<T, void, undefined> {
  const value = await result;
  if (!signal.aborted) yield value;
}

/** `return()` of a generator waits for the step it is at; the signal ends that step. */
function endingAtOnce<T>(results: AsyncIterator<T>, end: () => void): AsyncIterableIterator<T> {
  return {
    next: () => results.next(),
    return: async () => {
      end();
      await results.return?.();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
