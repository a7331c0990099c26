const RealDate = Date;

/** Moves this process's wall clock; what is measured by `performance` goes on as before. */
export function setClock(hours: number): void {
  const offsetMs = hours * 3_600_000;
  if (offsetMs === 0) {
    globalThis.Date = RealDate;
    return;
  }
  globalThis.Date = class extends RealDate {
    constructor(...args: [] | [number | string | Date]) {
      if (args.length === 0) super(RealDate.now() + offsetMs);
      else super(...args);
    }

    static override now(): number {
      return RealDate.now() + offsetMs;
    }
  } as DateConstructor;
}
