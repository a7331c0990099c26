import type { Plugin } from 'graphql-yoga';
import { limitErrors, parseDocument } from '../documents.ts';

/** Refuses a document that asks for too much before it costs anything. */
export function useDocumentLimits(): Plugin {
  return {
    onParse: ({ setParseFn }) => setParseFn(parseDocument),
    onValidate({ params, setResult }) {
      const errors = limitErrors(params.documentAST);
      if (errors.length > 0) setResult(errors);
    },
  };
}
