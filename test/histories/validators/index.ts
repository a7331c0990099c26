import type { History, Violation } from '../history.ts';
import { bounded } from './bounded.ts';
import { complete } from './complete.ts';
import { durable } from './durable.ts';
import { ordered } from './ordered.ts';
import { resumable } from './resumable.ts';

/** Every promise of docs/guarantees.md, by its name there. */
const validators = { ordered, complete, resumable, bounded, durable };

export function validate(history: History): Violation[] {
  return Object.entries(validators).flatMap(([promise, validator]) =>
    validator(history).map((violation) => `${promise}: ${violation}`),
  );
}
