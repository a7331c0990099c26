/** `none` clears a field; undefined, which is not sent, leaves it. (A parser of commander's cannot give null.) */
export function noneIsNull<T>(value: T | 'none' | undefined): T | null | undefined {
  return value === 'none' ? null : value;
}
