import { fitTo, widthOf } from '../output/cells.ts';
import type { Target } from './target.ts';

/** A line for each host: how much has settled there, and what the first of the rest waits for. */
export function progressLines(targets: readonly Target[]): string[] {
  const hosts = Map.groupBy(targets, ({ host }) => host ?? '-');
  const width = Math.max(0, ...[...hosts.keys()].map(widthOf));
  return [...hosts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([host, here]) => `${fitTo(host, width)}  ${hostWords(here)}`);
}

function hostWords(targets: readonly Target[]): string {
  const open = targets.find(({ state }) => state !== 'settled');
  const settled = targets.filter(({ state }) => state === 'settled').length;
  const progress = targets.length > 1 ? `${settled}/${targets.length} ` : '';
  if (!open) return `${progress}${targets[0]?.status ?? ''}`;
  return `${progress}${open.status}: ${open.message}`;
}
