import {
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** What a document may ask for at most, its fragments counted wherever they are spread. */
export const documentLimits = {
  characters: 64 * 1024,
  tokens: 2_000,
  depth: 12,
  aliases: 50,
  directives: 50,
  fields: 1_000,
} as const;

interface Size {
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly fields: number;
}

const nothing: Size = { depth: 0, aliases: 0, directives: 0, fields: 0 };

/**
 * The limits that a document breaks, as sentences. Each fragment is measured once, so that fragments
 * which spread each other twice, and would be 2ⁿ fields, cost nothing to refuse. Must come before
 * validation: one of GraphQL's own rules walks them all.
 */
export function documentFaults(document: DocumentNode): string[] {
  const size = new Measure(document).ofDocument();
  const limit = (name: keyof Size, what: string) =>
    size[name] > documentLimits[name]
      ? [`The document ${what} ${documentLimits[name]} at most; ask in several requests.`]
      : [];
  return [
    ...limit('depth', 'may nest fields to a depth of'),
    ...limit('aliases', 'may have a number of aliases of'),
    ...limit('directives', 'may have a number of directives of'),
    ...limit('fields', 'may have a number of fields of'),
  ];
}

class Measure {
  readonly #document: DocumentNode;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #measured = new Map<string, Size>();

  constructor(document: DocumentNode) {
    this.#document = document;
    this.#fragments = new Map(
      document.definitions
        .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
        .map((node) => [node.name.value, node]),
    );
  }

  ofDocument(): Size {
    const { definitions } = this.#document;
    const operations = definitions
      .filter((node) => node.kind === Kind.OPERATION_DEFINITION)
      .map((node) => together(this.#ofSelections(node.selectionSet), directivesOf(node)));
    // What nothing spreads is walked by validation all the same.
    const unused = [...this.#fragments.keys()]
      .filter((name) => !this.#measured.has(name))
      .map((name) => this.#ofFragment(name));
    return [...operations, ...unused].reduce(together, nothing);
  }

  #ofSelections(selectionSet: SelectionSetNode | undefined): Size {
    return (selectionSet?.selections ?? [])
      .map((selection) => together(this.#ofSelection(selection), directives(selection.directives)))
      .reduce(together, nothing);
  }

  #ofSelection(selection: SelectionNode): Size {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.#ofFragment(selection.name.value);
    const inner = this.#ofSelections(selection.selectionSet);
    if (selection.kind === Kind.INLINE_FRAGMENT) return inner;
    return {
      ...inner,
      // GraphQL's own MaxIntrospectionDepthRule bounds what is below these.
      depth: /^__(schema|type)$/.test(selection.name.value) ? 1 : inner.depth + 1,
      aliases: inner.aliases + (selection.alias ? 1 : 0),
      fields: inner.fields + 1,
    };
  }

  /** A fragment that spreads itself measures as nothing here; validation refuses it. */
  #ofFragment(name: string): Size {
    const known = this.#measured.get(name);
    if (known) return known;
    this.#measured.set(name, nothing);
    const fragment = this.#fragments.get(name);
    const size = together(
      this.#ofSelections(fragment?.selectionSet),
      directives(fragment?.directives),
    );
    this.#measured.set(name, size);
    return size;
  }
}

function directivesOf({
  directives: own,
  variableDefinitions = [],
}: OperationDefinitionNode): Size {
  const all = [own, ...variableDefinitions.map((node) => node.directives)];
  return all.map(directives).reduce(together, nothing);
}

const directives = (nodes: readonly DirectiveNode[] | undefined): Size => ({
  ...nothing,
  directives: nodes?.length ?? 0,
});

const together = (a: Size, b: Size): Size => ({
  depth: Math.max(a.depth, b.depth),
  aliases: a.aliases + b.aliases,
  directives: a.directives + b.directives,
  fields: a.fields + b.fields,
});
