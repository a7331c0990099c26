import type { IncomingMessage, ServerResponse } from 'node:http';
import { type DocumentNode, getOperationAST } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import { asTraceparent, type Tracing } from '../../lib/tracing.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import type { Credential } from '../auth/claims.ts';
import type { Context } from '../graphql/context.ts';
import { costOf } from '../graphql/cost.ts';
import { faultError } from '../graphql/errors.ts';
import { useDocumentLimits } from '../graphql/plugins/useDocumentLimits.ts';
import { useInputFaults } from '../graphql/plugins/useInputFaults.ts';
import { useResponseErrors } from '../graphql/plugins/useResponseErrors.ts';
import { useSocketSubscriptions } from '../graphql/plugins/useSocketSubscriptions.ts';
import { schema } from '../graphql/schema.ts';
import { type TrustedFor, trustFault } from '../graphql/trustedDocuments.ts';
import type { Services } from '../services/services.ts';
import { type BodyLimit, largeBodyFault, largestBody } from './bodyLimit.ts';
import { useOperationBound } from './boundedOperation.ts';
import { type Budget, costOfRefusal } from './budget.ts';
import { credentialOf } from './credentialOf.ts';
import { graphiqlPage } from './graphiql.ts';
import type { Limits } from './limits.ts';
import { isFromLoopback } from './loopback.ts';
import { checkMediaType } from './mediaType.ts';
import { type Metrics, useOperationMetrics } from './metrics.ts';
import { useTracing } from './tracedOperation.ts';

export const graphqlPath = '/graphql';

/** What is known of a request besides itself: the credential once Yoga has looked. */
interface Transport {
  credential?: Credential;
}

interface HttpTransport extends Transport {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}

export type Yoga = YogaServerInstance<Transport, Context>;

export interface YogaOptions {
  readonly services: Services;
  readonly authenticator: Authenticator;
  readonly budget: Budget;
  readonly bodyLimit: BodyLimit;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly limits: Pick<Limits, 'trustedFor' | 'operationMs'>;
  /** Undefined: pages of other origins get no answer that their browser lets them read. */
  readonly origins: readonly string[] | undefined;
}

/** GraphQL over HTTP as Yoga speaks it: whatever is no plain POST of a valid operation. */
export function createGraphql(options: YogaOptions): Yoga {
  const { services, budget, metrics, tracing, origins, limits } = options;
  const { log } = services;
  return createYoga<Transport, Context>({
    schema,
    graphqlEndpoint: graphqlPath,
    landingPage: false,
    renderGraphiQL: async (options) => graphiqlPage(options ?? {}),
    // GraphiQL's page needs no credential, so it is shown on this machine only.
    graphiql: (_request, transport) =>
      isFromLoopback((transport as HttpTransport).req) && {
        title: 'Sluice',
        defaultQuery:
          '{ qosRules { nodes { id portId direction maxKbps bindings { host status } } } }',
        headers: '{ "authorization": "Bearer " }',
      },
    cors: origins
      ? {
          origin: [...origins],
          credentials: false,
          allowedHeaders: ['authorization', 'content-type'],
        }
      : false,
    // Its keys and what it keeps of them are of any size; what is asked again and again does not come this way.
    parserAndValidationCache: false,
    batching: false,
    multipart: false,
    maxRequestBodySize: largestBody,
    // Both are done by useResponseErrors, where a failure gets the id that the log has.
    logging: false,
    maskedErrors: false,
    context: ({ credential, request }) => {
      if (!credential) throw new Error('An operation came without a credential.');
      const traceparent = asTraceparent(request.headers.get('traceparent'));
      return { services, actor: credential.actor, signal: request.signal, traceparent };
    },
    plugins: [
      useCredential(options),
      useTrustedDocuments(limits.trustedFor),
      useDocumentLimits(),
      useInputFaults(),
      useBodyLimit(),
      useCost(budget),
      useSocketSubscriptions(),
      useResponseErrors(log, limits.trustedFor),
      useOperationBound(limits.operationMs),
      useOperationMetrics(metrics),
      useTracing(tracing),
    ],
  });
}

/**
 * Nothing of a request's body is read before its credential is known. The Authorization header also
 * keeps other sites out: no form and no script of theirs can send it without asking (CORS).
 */
function useCredential({
  authenticator,
  budget,
  bodyLimit,
}: YogaOptions): Plugin<object, Transport> {
  return {
    async onRequestParse({ request, serverContext }) {
      const { req, res } = serverContext as Transport as HttpTransport;
      const credential = await credentialOf(authenticator, req);
      budget.charge(credential.actor, costOfRefusal);
      if (request.method === 'POST') checkMediaType(request.headers);
      bodyLimit.admit(req, res, credential.actor);
      serverContext.credential = credential;
    },
  };
}

/** What is large may be one operation only, and which it is, if any, shows when it was read. */
function useBodyLimit(): Plugin<HttpTransport & Context> {
  return {
    onParse({ context }) {
      return ({ result, replaceParseResult }) => {
        const document: DocumentNode | null = result instanceof Error ? null : result;
        const fault = largeBodyFault(context.req, document, context.params.operationName);
        if (fault) replaceParseResult(fault);
      };
    },
  };
}

/** Refuses what costs too much, and charges its caller for what does not. */
function useCost(budget: Budget): Plugin<Context> {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const { document, operationName, variableValues, contextValue } = args;
      const operation = getOperationAST(document, operationName);
      if (!operation) return;
      const { cost, fault } = costOf(schema, document, operation, variableValues);
      if (fault === undefined) return budget.charge(contextValue.actor, cost);
      const error = faultError({ code: 'BAD_USER_INPUT', message: fault });
      setResultAndStopExecution({ errors: [error] });
    },
  };
}

function useTrustedDocuments(trustedFor: TrustedFor): Plugin<object, Transport> {
  return {
    onParams({ params, context }) {
      const { credential } = context;
      if (!credential || params.query === undefined) return;
      const fault = trustFault(trustedFor, credential.actor.role, params.query);
      if (fault) throw faultError(fault);
    },
  };
}
