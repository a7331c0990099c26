import { InvalidArgumentError } from 'commander';
import { durationMs } from '../../lib/duration.ts';

/** A time like 90d, 12h, 30m or 45s, in milliseconds. */
export function duration(text: string): number {
  const ms = durationMs(text);
  if (ms === undefined) throw new InvalidArgumentError('It must be a time like 12h, 30m or 45s.');
  return ms;
}

const date = /^\d{4}-\d{2}-\d{2}$/;
const dateAndTime = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?$/;

/** So long ago (2h), or a date with or without its time, of this machine's zone unless it names one. */
export function instant(text: string): string {
  const ago = durationMs(text);
  if (ago !== undefined) return new Date(Date.now() - ago).toISOString();
  // ECMA-262 §21.4.1.32: a time without a zone is local, a date alone is not.
  const local = date.test(text) ? `${text}T00:00` : text.replace(' ', 'T');
  const at = date.test(text) || dateAndTime.test(text) ? Date.parse(local) : Number.NaN;
  if (!Number.isNaN(at)) return new Date(at).toISOString();
  throw new InvalidArgumentError(
    'It must be so long ago, like 2h, or an instant, like 2026-11-28 or 2026-11-28T09:30:00Z.',
  );
}
