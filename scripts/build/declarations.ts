import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = new URL('../..', import.meta.url).pathname;

/** The types of other packages that the client's are made of, and where each lies here. */
const foreign: Readonly<Record<string, string>> = {
  graphql: 'graphql/language/ast.d.ts',
  '@graphql-typed-document-node/core': '@graphql-typed-document-node/core/typings/index.d.ts',
};
/** What the first of them imports. */
const besideAst = ['kinds.d.ts', 'source.d.ts', 'tokenKind.d.ts'];

/**
 * Writes the declarations of client/ into a folder, with copies of the few that they take from other packages: a
 * type whose package is missing would be `any`, and nothing would say so.
 */
export async function declareClient(folder: string): Promise<void> {
  await run(join(root, 'node_modules/.bin/tsc'), [
    ...['-p', join(root, 'scripts/build/tsconfig.client.json'), '--outDir', folder],
  ]);
  const own = (await readdir(folder, { recursive: true })).filter((name) => /\.d\.ts$/.test(name));
  const ast = dirname(foreign.graphql ?? '');
  for (const path of [...Object.values(foreign), ...besideAst.map((name) => join(ast, name))]) {
    await mkdir(dirname(join(folder, 'foreign', path)), { recursive: true });
    await copyFile(join(root, 'node_modules', path), join(folder, 'foreign', path));
    own.push(join('foreign', path));
  }
  for (const path of own) await pointToCopies(folder, path);
  // Their imports have no extensions, as CommonJS has them.
  await writeFile(join(folder, 'foreign/package.json'), '{"type":"commonjs"}\n');
}

/** Has a file take foreign types from their copies. */
async function pointToCopies(folder: string, path: string): Promise<void> {
  const text = await readFile(join(folder, path), 'utf8');
  const pointed = text.replace(/(?<= from )(['"])([^'".]+)\1/g, (whole, _quote, name: string) => {
    const copy = foreign[name];
    if (copy === undefined) return whole;
    const target = relative(dirname(path), join('foreign', copy.replace(/\.d\.ts$/, '')));
    const isOwn = !path.startsWith('foreign');
    return `'${target.startsWith('.') ? target : `./${target}`}${isOwn ? '.js' : ''}'`;
  });
  await writeFile(join(folder, path), pointed);
}
