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
  const { index, ellipsed } = fitText(text, { limit: width, ellipsis: '…' });
  const shown = text.slice(0, index) + (ellipsed ? '…' : '');
  // What the library calls the width of a shortened text counts half a wide letter.
  return shown + ' '.repeat(Math.max(0, width - widthOf(shown)));
}

export function paint(text: string, style: Style | undefined, colour: boolean): string {
  // Whether there is colour at all was decided for the whole output.
  return style && colour ? styleText(style, text, { validateStream: false }) : text;
}
