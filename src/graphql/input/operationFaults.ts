import {
  type ASTVisitor,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  KnownArgumentNamesRule,
  type OperationDefinitionNode,
  ProvidedRequiredArgumentsRule,
  specifiedRules,
  TypeInfo,
  type ValidationRule,
  ValuesOfCorrectTypeRule,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Fault } from '../../domain/errors.ts';
import { faultError } from '../errors.ts';
import { type Declared, judgeArguments } from './judge.ts';
import { fromJson, literalFields, noVariables, unjudged, type Variables } from './reader.ts';

// Each names one wrong value and no path; the rule below says the same with path and allowed values.
const replaced: readonly ValidationRule[] = [
  ValuesOfCorrectTypeRule,
  ProvidedRequiredArgumentsRule,
  KnownArgumentNamesRule,
];

/** GraphQL's validation with our own rule for all that is given to fields, directives and variables. */
export const validationRules: readonly ValidationRule[] = [
  ...specifiedRules.filter((rule) => !replaced.includes(rule)),
  givenValuesRule,
];

function givenValuesRule(context: Parameters<ValidationRule>[0]): ASTVisitor {
  return {
    ...argumentVisitor(context, noVariables, (fault, node) =>
      context.reportError(faultError(fault, { nodes: node })),
    ),
    VariableDefinition(node) {
      const { variable, defaultValue } = node;
      const type = context.getInputType();
      if (!defaultValue || !type) return;
      const given = literalFields([{ name: variable.name, value: defaultValue }], noVariables);
      for (const fault of judgeArguments(given, [{ name: variable.name.value, type }])) {
        context.reportError(faultError(fault, { nodes: node }));
      }
    },
  };
}

const mostErrors = 100;

/**
 * The faults in the values that a valid document's operation was run with, as errors of a response.
 * Walks all of it: call it only once the operation was refused, to find out where.
 */
export function operationErrors(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  values: Readonly<Record<string, unknown>>,
): GraphQLError[] {
  const operation = getOperationAST(document, operationName);
  if (!operation) return [];
  const errors: GraphQLError[] = [];
  const types = new TypeInfo(schema);
  const visitor = argumentVisitor(types, variablesOf(operation, values), (fault, node) => {
    if (errors.length < mostErrors) errors.push(faultError(fault, { nodes: node }));
  });
  visit(document, visitWithTypeInfo(types, visitor));
  return errors;
}

/** The variables of the operation. One that it does not define belongs to another one of the document. */
function variablesOf(
  { variableDefinitions = [] }: OperationDefinitionNode,
  values: Readonly<Record<string, unknown>>,
): Variables {
  const defined = new Map(variableDefinitions.map((node) => [node.variable.name.value, node]));
  return {
    find(name) {
      const definition = defined.get(name);
      if (definition && Object.hasOwn(values, name)) return fromJson(values[name]);
      return !definition || definition.defaultValue ? unjudged : undefined;
    },
  };
}

interface Types {
  getFieldDef(): { readonly args: readonly Declared[] } | null | undefined;
  getDirective(): { readonly args: readonly Declared[] } | null | undefined;
}

function argumentVisitor(
  types: Types,
  variables: Variables,
  report: (fault: Fault, node: FieldNode | DirectiveNode) => void,
): ASTVisitor {
  const judge = (node: FieldNode | DirectiveNode, declared: readonly Declared[] | undefined) => {
    if (!declared) return;
    const given = literalFields(node.arguments ?? [], variables);
    for (const fault of judgeArguments(given, declared)) report(fault, node);
  };
  return {
    Field: (node) => judge(node, types.getFieldDef()?.args),
    Directive: (node) => judge(node, types.getDirective()?.args),
  };
}
