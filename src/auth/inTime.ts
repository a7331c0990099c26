import { refuse } from '../domain/errors.ts';

const mostMs = 5_000;

/** What a provider or database knows of a credential, which must not hold for ever who waits for it: nobody knows yet who that is. */
export async function inTime<T>(answer: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () =>
      reject(refuse('UNAVAILABLE', 'The credential could not be checked in time; try again soon.')),
    mostMs,
  );
  try {
    return await Promise.race([answer, promise]);
  } finally {
    clearTimeout(timer);
  }
}
