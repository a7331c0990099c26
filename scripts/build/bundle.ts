import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'rolldown';

export interface BundleOptions {
  readonly folder: string;
  /** Where the source of each program, or of a module, begins. */
  readonly programs: Readonly<Record<string, string>>;
  /** Programs are run by their names. */
  readonly areRun: boolean;
  /** What the programs say of themselves. */
  readonly version: string;
}

/** ws takes these where they are installed; they are compiled for one machine, and only make it faster. */
const optional = ['bufferutil', 'utf-8-validate'];
/** pg takes it where it is asked for; MikroORM takes these to read TypeScript, which nothing built has. */
const neverUsed = ['pg-native', 'typescript'];

const root = new URL('../..', import.meta.url).pathname;

/**
 * Writes the built programs into a folder: with all that they import, in pieces that are loaded when needed.
 * Answers the files that went into them.
 */
export async function bundle(options: BundleOptions): Promise<readonly string[]> {
  const { output } = await build({
    cwd: root,
    input: { ...options.programs },
    platform: 'node',
    external: [...optional, ...neverUsed],
    plugins: [withVersion(options.version)],
    output: {
      dir: options.folder,
      format: 'esm',
      cleanDir: true,
      entryFileNames: '[name].js',
      chunkFileNames: 'parts/[name]-[hash].js',
      banner: ({ isEntry }) => (isEntry && options.areRun ? '#!/usr/bin/env node' : ''),
      // Stack traces name the source's files and lines with `node --enable-source-maps`.
      sourcemap: true,
      // Node reads what it runs: without comments and spaces half as long. Names stay, for stack traces.
      minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    },
  });
  return output.flatMap((each) => (each.type === 'chunk' ? each.moduleIds : []));
}

/** The programs take their version from the manifest, wherever it is read. */
function withVersion(version: string): Plugin {
  const manifest = join(root, 'package.json');
  return {
    name: 'version',
    load: (id) =>
      id === manifest
        ? JSON.stringify({ ...JSON.parse(readFileSync(manifest, 'utf8')), version })
        : null,
  };
}
