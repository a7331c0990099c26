import type { Plugin } from 'graphql-yoga';
import type { Logger } from '../../../lib/log.ts';
import { judgedResult } from '../judgedResult.ts';
import type { TrustedFor } from '../trustedDocuments.ts';

/** Judges what an operation is answered with over HTTP, and what keeps a request from becoming an operation. */
export function useResponseErrors(log: Logger, trustedFor: TrustedFor): Plugin {
  return {
    onExecute: () => ({
      onExecuteDone({ args, result, setResult }) {
        if (!(Symbol.asyncIterator in result))
          setResult(judgedResult(result, log, { args, trustedFor }));
      },
    }),
    onSubscribe: () => ({
      onSubscribeResult({ args, result, setResult }) {
        if (!(Symbol.asyncIterator in result))
          setResult(judgedResult(result, log, { args, trustedFor }));
      },
    }),
    onResultProcess({ result, setResult }) {
      if (!Array.isArray(result) && 'errors' in result) setResult(judgedResult(result, log));
    },
  };
}
