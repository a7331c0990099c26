import type { Fault } from './errors.ts';

/** Bounds of texts and lists, so that no request can make the server hold or store without limit. */
export const bounds = {
  textLength: 255,
  messageLength: 1_000,
  filterValues: 500,
  orderKeys: 6,
  page: 500,
  defaultPage: 50,
  reportEntries: 500,
  applyRules: 10_000,
  configurationsBytes: 64 * 1024,
} as const;

// PostgreSQL refuses NUL in text; the other control characters have no place in a name either.
const control = /\p{Cc}/u;
const controlButNotLayout = /[^\P{Cc}\n\t]/u;

/** The fault of a one-line text, if it has one: empty, over-long, with control characters or lone surrogates. */
export function textFault(field: string, value: string | null | undefined): Fault[] {
  return faultOf(field, value, control);
}

/** As `textFault`, but lines and tabs are welcome. */
export function multilineFault(field: string, value: string | null | undefined): Fault[] {
  return faultOf(field, value, controlButNotLayout);
}

function faultOf(field: string, value: string | null | undefined, refused: RegExp): Fault[] {
  if (value === null || value === undefined) return [];
  const name = field.split('.').at(-1) ?? field;
  const blame = (message: string): Fault[] => [{ code: 'BAD_USER_INPUT', field, message }];
  if (value.length === 0) return blame(`${name} must not be empty; leave it out instead.`);
  if (value.length > bounds.textLength) {
    return blame(`${name} must have at most ${bounds.textLength} characters, not ${value.length}.`);
  }
  if (refused.test(value) || !value.isWellFormed()) {
    return blame(`${name} must be text without control characters or broken surrogates.`);
  }
  return [];
}

/** How many entries a page may have. */
export const pageSizeText = `a whole number from 1 to ${bounds.page}`;

/** The fault of a page's size, `first` or `last`, if it has one. */
export function pageSizeFault(field: string, size: number | null | undefined): Fault[] {
  if (size == null || (size >= 1 && size <= bounds.page)) return [];
  const message = `${field} must be ${pageSizeText}, not ${size}.`;
  return [{ code: 'BAD_USER_INPUT', field, message }];
}

/** The fault of a list that is longer than `most`, if it is. */
export function listFault(
  field: string,
  list: readonly unknown[] | null | undefined,
  most: number,
): Fault[] {
  if (!list || list.length <= most) return [];
  return [
    {
      code: 'BAD_USER_INPUT',
      field,
      message: `${field} must have at most ${most} entries, not ${list.length}.`,
    },
  ];
}
