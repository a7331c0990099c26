import type { DocumentNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { limitErrors, parseDocument } from '../documents.ts';

/** Refuses a document that asks for too much before it costs anything. */
export function useDocumentLimits(): Plugin {
  // Yoga keeps the documents that it parsed: each is measured once.
  const withinLimits = new WeakSet<DocumentNode>();
  return {
    onParse: ({ setParseFn }) => setParseFn(parseDocument),
    onValidate({ params, setResult }) {
      const { documentAST } = params;
      if (withinLimits.has(documentAST)) return;
      const errors = limitErrors(documentAST);
      if (errors.length === 0) withinLimits.add(documentAST);
      else setResult(errors);
    },
  };
}
