const RealDate = Date;

/** Moves this process's wall clock; what is measured by `performance` goes on as before. */
export function setClock(hours: number): void {
  const offsetMs = hours * 3_600_000;
  const now = () => RealDate.now() + offsetMs;
  // A proxy and no class of its own: a Date of before is an instance of it too, and one of now is one of RealDate's.
  globalThis.Date = new Proxy(RealDate, {
    apply: () => new RealDate(now()).toString(),
    construct: (_, values, target) =>
      Reflect.construct(RealDate, values.length === 0 ? [now()] : values, target),
    get: (date, key) => (key === 'now' ? now : Reflect.get(date, key)),
  });
}
