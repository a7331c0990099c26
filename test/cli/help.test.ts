import { execFileSync, spawnSync } from 'node:child_process';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { examples } from '../../cli/commands/examples.ts';
import { createProgram } from '../../cli/program.ts';

/** Every command that does something, by its words. */
function leavesOf(command: Command, path: readonly string[]): Map<string, Command> {
  const children = command.createHelp().visibleCommands(command);
  const own = children.filter((child) => child.name() !== 'help');
  if (own.length === 0) return new Map([[path.join(' '), command]]);
  return new Map(own.flatMap((child) => [...leavesOf(child, [...path, child.name()])]));
}
const leaves = leavesOf(createProgram(), []);

test('docs/reference/cli.md is what the commands say', () => {
  execFileSync(process.execPath, ['scripts/printCommands.ts', '--check'], { stdio: 'pipe' });
});

test('every command that needs more than its name has an example in its help', () => {
  const without = [...leaves.keys()].filter((path) => !examples[path]);
  expect(without).toEqual(['context list', 'context show', 'context delete']);
});

test.each(Object.entries(examples).filter(([path]) => path !== 'sluice'))(
  'the examples of %s are commands that it takes',
  (path, lines) => {
    for (const line of lines) {
      const [, words = ''] = /\bsluice (.*?)(?: +#.*)?$/.exec(line) ?? [];
      expect(words.startsWith(path)).toBe(true);
      const rest = words.slice(path.length).replace(/ [<>|)].*$/, '');
      const args = [...rest.matchAll(/"([^"]*)"|([^\s"()]+)/g)].map(([, a, b]) => a ?? b ?? '');
      const own = args.filter((arg) => !/^--(server|token-file|ca-file)$/.test(arg));
      const { unknown } = leaves.get(path)!.parseOptions(own);
      expect(unknown).toEqual([]);
    }
  },
);

test('the help of the program names its exit codes', () => {
  let text = '';
  const program = createProgram().configureOutput({ writeOut: (piece) => (text += piece) });
  program.outputHelp();
  expect(text).toMatch(/Exit codes: 0 done.*130 interrupted/);
});

test.each([
  'bin/sluice.js --help',
  'bin/sluice.js completion bash',
  'bin/sluice-server.js --help',
  'bin/sluice-agent.js --help',
])('whoever reads no more of %s hears of no fault', (command) => {
  const script = `"${process.execPath}" ${command} | true; exit "\${PIPESTATUS[0]}"`;
  const { status, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
