import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { bounds } from '../domain/text.ts';

/** What operations cost: one for each field that is answered, and these. */
const costs = {
  /** A mutation's transaction. */
  mutation: 10,
  /** An entry of a list in a mutation's input. */
  entry: 5,
  /** A look at the schema, however deep. */
  introspection: 5_000,
  /** Entries of a list that has no pages: where a port is, which rules it has. */
  unpaged: 2,
} as const;

/** What one operation may cost, and so much more for each entry of its input: applyQosRules answers with each rule. */
const mostCost = { operation: 50_000, entry: 20 } as const;

type Variables = Readonly<Record<string, unknown>>;

/** What an operation costs, and what is wrong with that. */
export interface Cost {
  readonly cost: number;
  /** A sentence, where it costs too much. */
  readonly fault: string | undefined;
}

/** What an operation of a valid document within the limits costs with these variables: fields, multiplied by the pages they are on. */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables | null | undefined,
): Cost {
  const values = variables ?? {};
  const entries = operation.operation === 'mutation' ? entriesOf(values) : 0;
  const terms = termsOf(schema, document, operation);
  const cost = total(terms, { operation, values, entries }) + entries * costs.entry;
  const most = mostCost.operation + entries * mostCost.entry;
  const fault =
    cost > most
      ? `The operation would answer with about ${cost} fields; ${most} at most: ask for smaller pages, or less of each entry.`
      : undefined;
  return { cost, fault };
}

/** Fields that are answered once for each time the list that they are on has an entry. */
interface Terms {
  readonly fields: number;
  readonly lists: readonly { readonly size: Size; readonly terms: Terms }[];
}

interface Asked {
  readonly operation: OperationDefinitionNode;
  readonly values: Variables;
  readonly entries: number;
}

type Size = (asked: Asked) => number;

const total = ({ fields, lists }: Terms, asked: Asked): number =>
  lists.reduce((sum, { size, terms }) => sum + size(asked) * total(terms, asked), fields);

/** Of the operations that are kept by the documents they came with: most are sent again and again. */
const known = new WeakMap<OperationDefinitionNode, Terms>();

function termsOf(
  schema: GraphQLSchema,
  { definitions }: DocumentNode,
  operation: OperationDefinitionNode,
): Terms {
  const found = known.get(operation);
  if (found) return found;
  const fragments = new Map(
    definitions
      .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  );
  const root = schema.getRootType(operation.operation) ?? undefined;
  const terms = termsOfSelections(operation.selectionSet, root, fragments);
  known.set(operation, terms);
  return terms;
}

function termsOfSelections(
  selectionSet: SelectionSetNode | undefined,
  type: GraphQLNamedType | undefined,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): Terms {
  const all = (selectionSet?.selections ?? []).map((selection): Terms => {
    if (selection.kind === Kind.FIELD) return termsOfField(selection, type, fragments);
    const spread =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    return termsOfSelections(spread?.selectionSet, type, fragments);
  });
  return {
    fields: all.reduce((sum, { fields }) => sum + fields, 0),
    lists: all.flatMap(({ lists }) => lists),
  };
}

function termsOfField(
  node: FieldNode,
  type: GraphQLNamedType | undefined,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): Terms {
  if (/^__(schema|type)$/.test(node.name.value)) return { fields: costs.introspection, lists: [] };
  const field = isObjectType(type) ? type.getFields()[node.name.value] : undefined;
  if (!field || !node.selectionSet) return { fields: 1, lists: [] };
  const inner = termsOfSelections(node.selectionSet, getNamedType(field.type), fragments);
  const size = sizeOf(node, field, type);
  const own = type?.name === 'Mutation' ? costs.mutation : 1;
  if (!size) return { fields: own + inner.fields, lists: inner.lists };
  return { fields: 1, lists: [{ size, terms: inner }] };
}

/** How many entries are below a field; undefined: one, or as many as were counted above. */
function sizeOf(
  { arguments: given = [] }: FieldNode,
  { args, type }: GraphQLField<unknown, unknown>,
  parent: GraphQLNamedType | undefined,
): Size | undefined {
  if (args.some(({ name }) => name === 'first')) {
    const first = given.find(({ name }) => name.value === 'first' || name.value === 'last');
    return (asked) => pageSize(first, asked);
  }
  if (!isListType(getNullableType(type)) || !isCompositeType(getNamedType(type))) return undefined;
  if (parent?.name.endsWith('Connection')) return undefined;
  return ({ entries }) => Math.max(costs.unpaged, entries);
}

function pageSize(argument: ArgumentNode | undefined, { operation, values }: Asked): number {
  const value = argument?.value;
  if (value?.kind === Kind.INT) return boundedPage(Number(value.value));
  if (value?.kind !== Kind.VARIABLE) return bounds.defaultPage;
  const name = value.name.value;
  if (Object.hasOwn(values, name)) return boundedPage(values[name]);
  const defined = operation.variableDefinitions?.find(
    ({ variable }) => variable.name.value === name,
  );
  return defined?.defaultValue?.kind === Kind.INT
    ? boundedPage(Number(defined.defaultValue.value))
    : bounds.defaultPage;
}

/** A page that is none is refused later; here it may only not make anything cheaper. */
const boundedPage = (value: unknown): number =>
  typeof value === 'number' ? Math.min(Math.max(value, 1), bounds.page) : bounds.defaultPage;

/** How long the longest list of the inputs is: a mutation's work, and its answer, grow with it. */
function entriesOf(variables: Variables): number {
  let most = 0;
  for (const input of Object.values(variables)) {
    if (typeof input !== 'object' || input === null) continue;
    for (const value of Array.isArray(input) ? [input] : Object.values(input)) {
      if (Array.isArray(value)) most = Math.max(most, value.length);
    }
  }
  return most;
}
