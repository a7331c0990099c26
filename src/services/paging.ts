/** A page, already checked: forwards by `first` and `after`, or backwards by `last` and `before` (Relay). */
export interface Page {
  readonly first?: number;
  readonly after?: string;
  readonly last?: number;
  readonly before?: string;
  /** False where nobody asked for `totalCount`: it costs a statement. */
  readonly includeCount: boolean;
}

/** The page in the terms of MikroORM's keyset paging: each page costs the same, however deep. */
export function pageOptions<OrderBy>(page: Page, orderBy: OrderBy) {
  const { first, after, last, before, includeCount } = page;
  return {
    ...(first === undefined ? {} : { first }),
    ...(after === undefined ? {} : { after }),
    ...(last === undefined ? {} : { last }),
    ...(before === undefined ? {} : { before }),
    includeCount,
    orderBy,
  };
}
