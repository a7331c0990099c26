import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const serverProgram = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface TokenFile {
  readonly file: string;
  /** Arguments of `sluice-server token create`. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Creates the token that the file is for, unless the file is there. Only its owner may read it. */
export async function ensureToken({ file, args, env }: TokenFile): Promise<void> {
  if (existsSync(file)) return;
  const { stdout } = await run(process.execPath, [serverProgram, 'token', 'create', ...args], {
    env: { ...process.env, ...env },
  });
  // Renamed into place when whole: a file that is there is never made again.
  await writeFile(`${file}.new`, stdout, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
