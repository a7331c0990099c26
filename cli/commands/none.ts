/** `none` clears a text; undefined, which is not sent, leaves it. */
export function noneIsNull(text: string | undefined): string | null | undefined {
  return text === 'none' ? null : text;
}
