const defaultWaitSeconds = 60;

/**
 * `--wait ID` means `--wait=60 ID`: only `=` gives it a value. For commander an option with an optional
 * value takes whatever follows it.
 */
export function withWaitSeconds(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  return argv.map((argument, index) =>
    argument === '--wait' && (end < 0 || index < end) ? `--wait=${defaultWaitSeconds}` : argument,
  );
}
