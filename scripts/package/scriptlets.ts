import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Product } from './product.ts';
import { checkout } from './tree.ts';

/** What is run on the machine around a package's coming and going; the same for dpkg and rpm. */
export interface Scriptlets {
  /** Its files are there. */
  readonly configured: string;
  /** For the first time. */
  readonly first: string;
  /** In another version's place. */
  readonly upgraded: string;
  /** Its files are about to go. */
  readonly removing: string;
  readonly removed: string;
  /** Its data is to go too: dpkg only. */
  readonly purged: string;
}

export async function readScriptlets({ set }: Product): Promise<Scriptlets> {
  const read = (name: keyof Scriptlets) =>
    readFile(join(checkout, 'packaging/scripts', set, `${name}.sh`), 'utf8');
  return {
    configured: await read('configured'),
    first: await read('first'),
    upgraded: await read('upgraded'),
    removing: await read('removing'),
    removed: await read('removed'),
    purged: await read('purged'),
  };
}
