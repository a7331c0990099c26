import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { replaceDurably } from '../lib/durableFile.ts';
import { readSecretFile } from '../lib/secretFile.ts';

/** What the agent keeps of its enrolment, in its data folder. */
export interface StoredCredential {
  readonly host: string;
  /** Null while it enrols: only `exchange` is known then. */
  readonly token: string | null;
  /** By this machine's clock. */
  readonly obtainedAtMs: number;
  readonly lifetimeMs: number;
  /** Names the exchange, so that the same one can be asked again when its answer was lost. */
  readonly exchange: string;
  /** The enrolment token that was used, by its digest. */
  readonly enrolledBy: string;
}

/** Null: there is none. */
export async function loadCredential(path: string): Promise<StoredCredential | null> {
  try {
    return JSON.parse(await readSecretFile(path, "The agent's credential")) as StoredCredential;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Replaces the file in one step, readable by its owner only: after a crash it holds the old one or the new. */
export async function saveCredential(path: string, credential: StoredCredential): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await replaceDurably(path, `${JSON.stringify(credential)}\n`);
}
