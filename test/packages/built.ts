import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDeb } from '../../scripts/package/deb.ts';
import { products } from '../../scripts/package/product.ts';
import { makeRpm } from '../../scripts/package/rpm.ts';

export const versions = { old: '7.0.0', new: '7.1.0' } as const;

/** Both packages, from the same source. */
export interface BuiltPackages extends AsyncDisposable {
  readonly folder: string;
}

export async function buildAll(
  kind: 'deb' | 'rpm',
  wanted: readonly string[] = Object.values(versions),
): Promise<BuiltPackages> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-packages-'));
  const make = kind === 'deb' ? makeDeb : makeRpm;
  for (const version of wanted) {
    for (const product of products) {
      await make(product, { version, folder, fast: true, epoch: 1_700_000_000 });
    }
  }
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
