/** RFC 4180, with the line ends that everybody writes. */
export function csvOf(lines: readonly (readonly unknown[])[]): string {
  return lines
    .map((cells) => `${cells.map((cell) => quoted(plain(cell), /[",\r\n]/)).join(',')}\n`)
    .join('');
}

/** One line a row, blanks between its values; a lone value is never quoted. */
export function valuesOf(lines: readonly (readonly unknown[])[]): string {
  return lines
    .map((cells) => {
      const texts = cells.map((cell) => plain(cell).replace(/\s*[\r\n]+\s*/g, ' ') || '-');
      return `${texts.length === 1 ? texts[0] : texts.map((text) => quoted(text, /["\s]/)).join(' ')}\n`;
    })
    .join('');
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object'))
    return value.join(' ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function quoted(text: string, troubling: RegExp): string {
  return troubling.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
