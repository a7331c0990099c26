/** What the exit code tells a script (docs/cli.md). */
export const exitCodes = {
  failed: 1,
  usage: 2,
  notFound: 3,
  notAllowed: 4,
  conflict: 5,
  waitRanOut: 6,
  interrupted: 130,
} as const;
