import { durationMs } from '../../lib/duration.ts';
import { UserError } from '../../lib/errors.ts';

/** Milliseconds of a time like 90d, 12h, 30m or 45s; at most ten years. */
export function parseExpiry(text: string): number {
  const ms = durationMs(text);
  if (ms !== undefined) return ms;
  throw new UserError(`--expires must be a time like 90d, 12h, 30m or 45s, not "${text}".`, 2);
}
