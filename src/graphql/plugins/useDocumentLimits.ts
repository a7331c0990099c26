import { type DocumentNode, GraphQLError, type ParseOptions, parse, type Source } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { documentFaults, documentLimits } from '../documentLimits.ts';
import { faultError } from '../errors.ts';

/** Refuses a document that asks for too much before it costs anything. */
export function useDocumentLimits(): Plugin {
  // Yoga keeps the documents that it parsed: each is measured once.
  const withinLimits = new WeakSet<DocumentNode>();
  return {
    onParse({ setParseFn }) {
      setParseFn((source, options) =>
        parsed(source, { ...options, maxTokens: documentLimits.tokens }),
      );
    },
    onValidate({ params, setResult }) {
      const { documentAST } = params;
      if (withinLimits.has(documentAST)) return;
      const faults = documentFaults(documentAST);
      if (faults.length === 0) withinLimits.add(documentAST);
      else setResult(faults.map((message) => faultError({ code: 'BAD_USER_INPUT', message })));
    },
  };
}

/** Yoga remembers a syntax error as it first met it, and that need not have been over HTTP. */
function parsed(source: string | Source, options: ParseOptions): DocumentNode {
  try {
    return parse(source, options);
  } catch (error) {
    if (error instanceof GraphQLError) error.extensions.http = { spec: true, status: 400 };
    throw error;
  }
}
