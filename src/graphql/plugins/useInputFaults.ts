import { validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { validationRules } from '../input/operationFaults.ts';

/** Validates with our rule for the values given, which names every fault with its field. */
export function useInputFaults(): Plugin {
  return {
    onValidate({ setValidationFn }) {
      setValidationFn((schema, document, _rules, types, options) =>
        validate(schema, document, validationRules, options, types),
      );
    },
  };
}
