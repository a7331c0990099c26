// PostgreSQL, appendix A.
const codes = { deadlock: '40P01', checkViolation: '23514' } as const;

/** PostgreSQL ended this transaction to let another one go on: the same again may succeed. */
export const isDeadlock = (error: unknown): boolean => sqlStateOf(error) === codes.deadlock;

/** A row would hold what a CHECK of its table forbids. */
export const isCheckViolation = (error: unknown): boolean =>
  sqlStateOf(error) === codes.checkViolation;

const sqlStateOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;
