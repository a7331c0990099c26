import { findMarker, type ReadPlaces } from './client/marker.ts';
import { type PagesOptions, readPages } from './client/pages.ts';
import type { Context } from './context.ts';
import type { OutputOptions, View } from './output/column.ts';
import { checkColumns } from './output/column.ts';
import { LiveLines } from './output/liveLines.ts';
import { writeRows } from './output/write.ts';

export interface ListOptions extends OutputOptions {
  readonly limit?: number;
  readonly marker?: string;
}

/** Prints a list, all of it or as much as `--limit` says; then how to go on. */
export async function listPages<Row>(
  { terminal }: Context,
  view: View<Row>,
  options: ListOptions,
  { read, places }: { readonly read: PagesOptions<Row>['read']; readonly places: ReadPlaces },
): Promise<void> {
  checkColumns(view, options);
  const lines = new LiveLines(terminal.err, (text) => process.stderr.write(text));
  const { nodes, next } = await readPages({
    read,
    after: await findMarker(options.marker, places),
    limit: options.limit,
    onPage: (have, total) => lines.show([`${have} of ${total} read…`]),
  });
  lines.clear();
  await writeRows(terminal, view, nodes, options);
  if (next !== null) terminal.say(`That is not all: go on with --marker ${next}`);
}
