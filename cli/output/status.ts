import type { BindingStatus } from '../../schema/generated/graphql.ts';
import type { Style } from './column.ts';

/** From what needs somebody's eye first to what is well. */
export const statuses = [
  'FAILED',
  'DEGRADED',
  'NO_AGENT',
  'PENDING',
  'WAITING_FOR_PORT',
  'DISABLED',
  'APPLIED',
] as const satisfies readonly BindingStatus[];

const styles: Readonly<Record<BindingStatus, Style>> = {
  FAILED: ['red', 'bold'],
  DEGRADED: 'magenta',
  NO_AGENT: 'red',
  PENDING: 'yellow',
  WAITING_FOR_PORT: 'yellow',
  DISABLED: 'blue',
  APPLIED: 'green',
};

export function compareUrgency(a: BindingStatus, b: BindingStatus): number {
  return statuses.indexOf(a) - statuses.indexOf(b);
}

export function statusStyle(status: BindingStatus | null): Style | undefined {
  return status === null ? 'dim' : styles[status];
}

/** The most urgent status there is; null where there is none. */
export function worstStatus(among: readonly BindingStatus[]): BindingStatus | null {
  return statuses.find((status) => among.includes(status)) ?? null;
}
