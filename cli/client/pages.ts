/** A page of a Relay connection, read forwards. */
export interface Page<Node> {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
  readonly totalCount: number;
}

/** The most that the server gives in one page (schema: `first`). */
export const maxPage = 500;

export interface PagesOptions<Node> {
  readonly read: (first: number, after: string | null) => Promise<Page<Node>>;
  /** So many at most; without it all there are. */
  readonly limit?: number | undefined;
  /** Begins after this cursor. */
  readonly after?: string | null;
  readonly onPage?: (have: number, total: number) => void;
}

export interface Pages<Node> {
  readonly nodes: readonly Node[];
  /** How to go on where the limit cut; null: that was all. */
  readonly next: string | null;
}

export async function readPages<Node>(options: PagesOptions<Node>): Promise<Pages<Node>> {
  const { read, limit = Number.POSITIVE_INFINITY, onPage } = options;
  const nodes: Node[] = [];
  let after = options.after ?? null;
  for (;;) {
    const page = await read(Math.min(maxPage, limit - nodes.length), after);
    nodes.push(...page.nodes);
    after = page.pageInfo.endCursor;
    if (!page.pageInfo.hasNextPage) return { nodes, next: null };
    if (nodes.length >= limit) return { nodes, next: after };
    onPage?.(nodes.length, page.totalCount);
  }
}

/** The list in pieces that one request may name. */
export function chunks<T>(list: readonly T[], size = maxPage): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
