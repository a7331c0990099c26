import { UserError } from '../../lib/errors.ts';
import { exitCodes } from '../exitCodes.ts';
import { maxPage } from './pages.ts';
import { isUuid } from './uuid.ts';

export type ReadPlaces = (first: number, after: string | null) => Promise<Places>;

/** A page of which only the places of its entries are read. */
interface Places {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}

/**
 * The cursor that a marker means. As in Neutron it is the id of the last entry that was seen, which is
 * looked for from the start of the list; the server's own cursor is taken as it is.
 */
export async function findMarker(
  marker: string | undefined,
  read: ReadPlaces,
): Promise<string | null> {
  if (marker === undefined || !isUuid(marker)) return marker ?? null;
  let after: string | null = null;
  for (;;) {
    const { edges, pageInfo }: Places = await read(maxPage, after);
    const found = edges.find(({ node }) => node.id === marker.toLowerCase());
    if (found) return found.cursor;
    if (!pageInfo.hasNextPage) {
      throw new UserError(`--marker: ${marker} is not in this list.`, exitCodes.notFound);
    }
    after = pageInfo.endCursor;
  }
}
