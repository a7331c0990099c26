import type { Fault } from './errors.ts';

export const directions = ['EGRESS', 'INGRESS'] as const;
export type Direction = (typeof directions)[number];

/** What a rule asks; null where it asks nothing. */
export interface Limits {
  readonly maxKbps: number | null;
  readonly maxBurstKbps: number | null;
  readonly maxKpps: number | null;
  readonly maxBurstKpps: number | null;
  readonly minKbps: number | null;
  readonly dscpMark: number | null;
}

export type LimitField = keyof Limits;

/** One rule field: a range of whole numbers, or the values allowed. */
export interface FieldRange {
  readonly unit: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly values: readonly number[] | null;
  readonly directions: readonly Direction[];
}

/** The DSCP marks that Neutron allows (neutron-lib, VALID_DSCP_MARKS). */
export const dscpMarks = [
  0, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36, 38, 40, 44, 46, 48, 56,
] as const;

const maxInt = 2_147_483_647;
// Packets per second must fit 32 bits in OVSDB and OpenFlow: 4,294,967 thousand.
const maxThousandPackets = 4_294_967;

const range = (unit: string, maximum: number): FieldRange => ({
  unit,
  // On Open vSwitch 0 means unlimited, so a rule of 0 would limit nothing: refused.
  minimum: 1,
  maximum,
  values: null,
  directions,
});

/** The ranges of the contract; the database's CHECK constraints repeat them. */
export const limitRanges: Readonly<Record<LimitField, FieldRange>> = {
  maxKbps: range('kbit/s', maxInt),
  maxBurstKbps: range('kbit', maxInt),
  maxKpps: range('thousand packets per second', maxThousandPackets),
  maxBurstKpps: range('thousand packets', maxThousandPackets),
  minKbps: range('kbit/s', maxInt),
  dscpMark: { unit: '', minimum: 0, maximum: 56, values: dscpMarks, directions: ['EGRESS'] },
};

export const limitFields = Object.keys(limitRanges) as readonly LimitField[];

/** What a field may hold, in words, for an error. */
export function allowedText(field: LimitField): string {
  const { values, minimum, maximum, unit } = limitRanges[field];
  if (values) return `one of ${values.join(', ')}`;
  return `a whole number from ${minimum} to ${maximum} (${unit})`;
}

function inRange(field: LimitField, value: number): boolean {
  const { values, minimum, maximum } = limitRanges[field];
  if (!Number.isInteger(value)) return false;
  return values ? values.includes(value) : value >= minimum && value <= maximum;
}

const badInput = (field: string, message: string): Fault => ({
  code: 'BAD_USER_INPUT',
  field,
  message,
});

/** What is wrong with one field's value whatever the others are; `at` is where it stands. */
export function rangeFaults(field: LimitField, value: number | null, at: string = field): Fault[] {
  if (value === null || inRange(field, value)) return [];
  return [badInput(at, `${field} must be ${allowedText(field)}, not ${value}.`)];
}

/** What does not fit together in a rule's limits, each with its field below `path`. */
export function relationFaults(limits: Limits, direction: Direction, path = ''): Fault[] {
  const faults: Fault[] = [];
  const blame = (field: LimitField, message: string) =>
    faults.push(badInput(path + field, message));

  for (const field of limitFields) {
    const { directions: allowed } = limitRanges[field];
    if (limits[field] !== null && !allowed.includes(direction)) {
      blame(field, `${field} can be set for ${allowed.join()} only, not for ${direction}.`);
    }
  }
  const { maxKbps, maxBurstKbps, maxKpps, maxBurstKpps, minKbps, dscpMark } = limits;
  if (maxBurstKbps !== null && maxKbps === null) {
    blame('maxBurstKbps', 'maxBurstKbps needs maxKbps beside it: a burst alone limits nothing.');
  }
  if (maxBurstKpps !== null && maxKpps === null) {
    blame('maxBurstKpps', 'maxBurstKpps needs maxKpps beside it: a burst alone limits nothing.');
  }
  if (minKbps !== null && maxKbps !== null && minKbps > maxKbps) {
    blame('minKbps', `minKbps ${minKbps} must not be above maxKbps ${maxKbps}.`);
  }
  const asksNothing = [maxKbps, maxKpps, minKbps, dscpMark].every((value) => value === null);
  if (faults.length === 0 && asksNothing) {
    blame('maxKbps', 'A rule must ask for something: set maxKbps, maxKpps, minKbps or dscpMark.');
  }
  return faults;
}

/** Every fault of a rule's limits, each with its field below `path`. Empty: the limits are right. */
export const limitFaults = (limits: Limits, direction: Direction, path = ''): Fault[] => [
  ...limitFields.flatMap((field) => rangeFaults(field, limits[field], path + field)),
  ...relationFaults(limits, direction, path),
];
