import { build } from 'rolldown';

/** What is shipped as a built program, and where its source begins. */
const programs = {
  sluice: 'cli/main.ts',
  'sluice-agent': 'agent/main.ts',
};

/** ws takes these where they are installed; they are compiled for one machine, and only make it faster. */
const optional = ['bufferutil', 'utf-8-validate'];

const root = new URL('../..', import.meta.url).pathname;

/** Writes the built programs into a folder: with all that they import, in pieces that are loaded when needed. */
export async function bundle(folder: string): Promise<void> {
  await build({
    cwd: root,
    input: programs,
    platform: 'node',
    external: optional,
    output: {
      dir: folder,
      format: 'esm',
      cleanDir: true,
      entryFileNames: '[name].js',
      chunkFileNames: 'parts/[name]-[hash].js',
      banner: ({ isEntry }) => (isEntry ? '#!/usr/bin/env node' : ''),
      // Stack traces name the source's files and lines with `node --enable-source-maps`.
      sourcemap: true,
      // Node reads what it runs: without comments and spaces half as long. Names stay, for stack traces.
      minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    },
  });
}

export const programNames = Object.keys(programs);
