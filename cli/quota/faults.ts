import { ServerError } from '../client/serverError.ts';

const places: Readonly<Record<string, string>> = { maxRules: '--rules' };

/** What the server refuses, by the words of these commands: the tenant is an argument, which the sentence has. */
export async function named<T>(request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    throw new ServerError(error.faults, (field) => places[field] ?? '');
  }
}
