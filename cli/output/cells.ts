import { styleText } from 'node:util';
import fitText from 'fast-string-truncated-width';
import type { Style } from './column.ts';

/** A cell as it will stand in a table. */
export interface Cell {
  readonly text: string;
  readonly style?: Style | undefined;
}

/** On one line, and without control characters: a name from elsewhere must not steer the terminal. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

/** How many cells of a terminal the text takes: letters of East Asia take two. */
export function widthOf(text: string): number {
  return fitText(text).width;
}

/** The text in exactly `width` cells: shortened with an ellipsis, or filled up. */
export function fitTo(text: string, width: number): string {
  let shown = shorten(text, width);
  // fast-string-truncated-width 3.0.3 forgets what is neither Latin nor wide, as an arrow, before a Latin letter.
  for (let limit = width - 1; widthOf(shown) > width && limit >= 0; limit -= 1) {
    shown = shorten(text, limit);
  }
  // What the library calls the width of a shortened text counts half a wide letter.
  return shown + ' '.repeat(Math.max(0, width - widthOf(shown)));
}

function shorten(text: string, limit: number): string {
  const { index, ellipsed } = fitText(text, { limit, ellipsis: '…' });
  return text.slice(0, index) + (ellipsed ? '…' : '');
}

export function paint(text: string, style: Style | undefined, colour: boolean): string {
  // Whether there is colour at all was decided for the whole output.
  return style && colour ? styleText(style, text, { validateStream: false }) : text;
}
