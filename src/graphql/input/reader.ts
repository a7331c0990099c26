import { type GraphQLLeafType, Kind, print, type ValueNode } from 'graphql';

/** A value that a request gives: written in the document, or sent as JSON in a variable. */
export interface Given {
  readonly isNull: boolean;
  /** Null where the value is no list. */
  items(): Given[] | null;
  /** Null where the value is no object. A field whose variable has no value is left out. */
  fields(): Map<string, Given> | null;
  /** The value as the type takes it. Throws where it does not. */
  parse(type: GraphQLLeafType): unknown;
  /** As the sender wrote it, cut to a readable length. */
  readonly text: string;
}

/** What is known of the variables: nothing while a document is validated, their values when it runs. */
export interface Variables {
  /** Undefined: the variable has no value. */
  find(name: string): Given | undefined;
}

/** Stands for a value that is judged elsewhere: right for every type. */
export const unjudged: Given = {
  isNull: false,
  items: () => null,
  fields: () => null,
  parse: () => undefined,
  text: '',
};

export const noVariables: Variables = { find: () => unjudged };

const shownLength = 80;
const shown = (text: string): string =>
  text.length > shownLength ? `${text.slice(0, shownLength)}…` : text;

export function fromJson(value: unknown): Given {
  return {
    isNull: value === null,
    items: () => (Array.isArray(value) ? value.map(fromJson) : null),
    fields: () => (isObject(value) ? fieldsOf(value) : null),
    parse: (type) => type.parseValue(value),
    get text() {
      return shown(JSON.stringify(value));
    },
  };
}

/** Undefined where it is a variable without a value. */
function fromLiteral(node: ValueNode, variables: Variables): Given | undefined {
  if (node.kind === Kind.VARIABLE) return variables.find(node.name.value);
  return {
    isNull: node.kind === Kind.NULL,
    items: () => {
      if (node.kind !== Kind.LIST) return null;
      return node.values.map((value) => fromLiteral(value, variables) ?? unjudged);
    },
    fields: () => {
      if (node.kind !== Kind.OBJECT) return null;
      return literalFields(node.fields, variables);
    },
    parse: (type) => type.parseLiteral(node, {}),
    get text() {
      return shown(print(node));
    },
  };
}

/** Arguments and the fields of an object literal alike. */
export function literalFields(
  nodes: readonly { readonly name: { readonly value: string }; readonly value: ValueNode }[],
  variables: Variables,
): Map<string, Given> {
  const fields = new Map<string, Given>();
  for (const { name, value } of nodes) {
    const given = fromLiteral(value, variables);
    if (given) fields.set(name.value, given);
  }
  return fields;
}

function fieldsOf(value: object): Map<string, Given> {
  const fields = new Map<string, Given>();
  for (const [name, field] of Object.entries(value)) {
    if (field !== undefined) fields.set(name, fromJson(field));
  }
  return fields;
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
