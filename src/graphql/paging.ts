import { Cursor } from '@mikro-orm/postgresql';
import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';
import { type Fault, refuseIfAny } from '../domain/errors.ts';
import { bounds, pageSizeFault } from '../domain/text.ts';
import type { Page } from '../services/paging.ts';
import { type ListOrder, openCursor, sealCursor } from './listCursor.ts';

export interface PageArgs {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** The page that the arguments ask for. Refuses with every fault found, each with its argument. */
export function pageOf(args: PageArgs, order: ListOrder, info: GraphQLResolveInfo): Page {
  const { first, after, last, before } = args;
  refuseIfAny([
    ...pageSizeFault('first', first),
    ...pageSizeFault('last', last),
    ...cursorFault('after', after, order),
    ...cursorFault('before', before, order),
    ...pairFault('last', last, 'first', first),
    ...pairFault('after', after, 'last', last),
    ...pairFault('before', before, 'first', first),
    ...pairFault('before', before, 'after', after),
  ]);
  const includeCount = info.fieldNodes.some(({ selectionSet }) =>
    selects(selectionSet, 'totalCount', info),
  );
  if (last != null || before != null) {
    return { last: last ?? bounds.defaultPage, ...opened('before', before, order), includeCount };
  }
  return { first: first ?? bounds.defaultPage, ...opened('after', after, order), includeCount };
}

function cursorFault(field: string, cursor: string | null | undefined, order: ListOrder): Fault[] {
  if (cursor == null || openCursor(order, cursor) !== undefined) return [];
  return [
    badInput(
      field,
      `${field} must be a cursor of this list in this order, as an edge or pageInfo gave it.`,
    ),
  ];
}

function pairFault(field: string, value: unknown, other: string, otherValue: unknown): Fault[] {
  if (value == null || otherValue == null) return [];
  return [badInput(field, `${field} cannot be together with ${other}: leave one of them out.`)];
}

function opened<F extends 'after' | 'before'>(
  field: F,
  cursor: string | null | undefined,
  order: ListOrder,
): { [K in F]?: string } {
  const values = cursor == null ? undefined : openCursor(order, cursor);
  return values ? ({ [field]: Cursor.encode(values) } as { [K in F]?: string }) : {};
}

const badInput = (field: string, message: string): Fault => ({
  code: 'BAD_USER_INPUT',
  field,
  message,
});

/** Whether a field is asked for, directly or through fragments, whatever @skip and @include say. */
function selects(
  selectionSet: SelectionSetNode | undefined,
  name: string,
  info: GraphQLResolveInfo,
): boolean {
  return !!selectionSet?.selections.some((selection) => {
    if (selection.kind === Kind.FIELD) return selection.name.value === name;
    if (selection.kind === Kind.INLINE_FRAGMENT) return selects(selection.selectionSet, name, info);
    return selects(info.fragments[selection.name.value]?.selectionSet, name, info);
  });
}

/** A page as a Relay connection. */
export function connectionOf<T extends object>(page: Cursor<T>, order: ListOrder) {
  const edges = page.items.map((node) => ({
    node,
    // Made when asked for: a list read by its nodes needs two of five hundred.
    get cursor() {
      return sealCursor(order, Cursor.decode(page.from(node)));
    },
  }));
  return {
    edges,
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPrevPage,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: page.totalCount,
  };
}
