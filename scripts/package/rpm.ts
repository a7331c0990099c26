import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PackageOptions } from './deb.ts';
import type { Product } from './product.ts';
import { readScriptlets, type Scriptlets } from './scriptlets.ts';
import { layOut, put, type Release } from './tree.ts';

const run = promisify(execFile);

/** Makes an RPM; answers its path. */
export async function makeRpm(product: Product, options: PackageOptions): Promise<string> {
  const work = await mkdtemp(join(tmpdir(), `${product.name}-rpm-`));
  const [root, built, spec] = [join(work, 'root'), join(work, 'built'), join(work, 'spec')];
  try {
    await layOut(root, product, options);
    await put(
      spec,
      specOf(product, options, await readScriptlets(product), await entriesIn(root, product)),
    );
    const macros = {
      _topdir: work,
      _rpmdir: built,
      _rpmfilename: '%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}.rpm',
      _binary_payload: options.fast ? 'w1.gzdio' : 'w6.xzdio',
      _buildhost: 'localhost',
      use_source_date_epoch_as_buildtime: '1',
      clamp_mtime_to_source_date_epoch: '1',
      // What was built is shipped as it is: Node's binary is not to be stripped, nor scripts compiled.
      __os_install_post: '%{nil}',
      _build_id_links: 'none',
    };
    const defines = Object.entries(macros).flatMap(([name, value]) => ['-D', `${name} ${value}`]);
    await run('rpmbuild', ['-bb', '--quiet', '--buildroot', root, ...defines, spec], {
      env: { ...process.env, SOURCE_DATE_EPOCH: String(options.epoch) },
    });
    const [name = ''] = await readdir(built);
    await rename(join(built, name), join(options.folder, name)).catch(async () => {
      await run('mv', [join(built, name), options.folder]);
    });
    return join(options.folder, name);
  } finally {
    await rm(work, { recursive: true });
  }
}

function specOf(
  product: Product,
  { version }: Release,
  scriptlets: Scriptlets,
  files: readonly string[],
): string {
  const { name, summary, description, depends, suggests, settingsFile } = product;
  const { configured, first, upgraded, removing, removed } = scriptlets;
  // rpm gives the number of this package's versions that are left: 1 and 0 are the first and the last.
  const when = (count: string, body: string) => `if [ "$1" ${count} ]; then\n${body}fi\n`;
  return `Name: ${name}
Version: ${version}
Release: 1
Summary: ${summary}
License: Apache-2.0
AutoReqProv: no
${depends.rpm.map((each) => `Requires: ${each}\n`).join('')}Suggests: ${suggests.rpm}
%description
${description}
%post
${configured}${when('-eq 1', first)}${when('-gt 1', upgraded)}%preun
${when('-eq 0', removing)}%postun
${when('-eq 0', removed)}%files
%defattr(-,root,root,-)
%dir /etc/sluice
%config(noreplace) ${settingsFile}
${files.filter((file) => file !== settingsFile).join('\n')}
`;
}

/** Folders that only it uses go as wholes, so that rpm removes them too; of others' folders each file. */
async function entriesIn(root: string, { name }: Product): Promise<string[]> {
  const own = [`/usr/lib/${name}`, `/usr/share/doc/${name}`];
  const { stdout } = await run('find', [root, '-type', 'f', '-printf', '/%P\n']);
  const files = stdout.trim().split('\n').sort();
  const dropIns = files.flatMap((file) => /^(.*\.service\.d)\//.exec(file)?.[1] ?? []);
  return [
    ...own,
    ...dropIns.map((folder) => `%dir ${folder}`),
    ...files.filter((file) => !own.some((folder) => file.startsWith(`${folder}/`))),
  ];
}
