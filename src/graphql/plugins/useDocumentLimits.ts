import { parse } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { documentFaults, documentLimits } from '../documentLimits.ts';
import { faultError } from '../errors.ts';

/** Refuses a document that asks for too much before it costs anything. */
export function useDocumentLimits(): Plugin {
  return {
    onParse({ setParseFn }) {
      setParseFn((source, options) =>
        parse(source, { ...options, maxTokens: documentLimits.tokens }),
      );
    },
    onValidate({ params, setResult }) {
      const faults = documentFaults(params.documentAST);
      if (faults.length === 0) return;
      setResult(faults.map((message) => faultError({ code: 'BAD_USER_INPUT', message })));
    },
  };
}
