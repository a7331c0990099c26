/** Writes docs/reference/cli.md from the commands' help; with --check only says whether it is up to date. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { createProgram } from '../cli/program.ts';

const file = new URL('../docs/reference/cli.md', import.meta.url);
const program = createProgram();
const printed = `# sluice, command by command

Printed from the commands' help by \`npm run commands\`. How they are used stands in [sluice, the command line](../cli.md), the settings that every command takes in [Settings](settings.md#sluice).
${sectionsOf(program, [])}`;

if (!process.argv.includes('--check')) {
  writeFileSync(file, printed);
} else if (readFileSync(file, 'utf8') !== printed) {
  console.error('docs/reference/cli.md is stale: run npm run commands and commit the result.');
  process.exitCode = 1;
}

/** A section for each command that does something; of those above them the help only lists these. */
function sectionsOf(command: Command, above: readonly string[]): string {
  const path = [...above, command.name()];
  const children = command.createHelp().visibleCommands(command);
  const here = children.filter((child) => child.name() !== 'help');
  if (here.length > 0) return here.map((child) => sectionsOf(child, path)).join('');
  return `\n## ${path.join(' ')}\n\`\`\`text\n${helpOf(command)}\`\`\`\n`;
}

/** As `--help` prints it, whatever terminal this runs on, without the settings that every command has. */
function helpOf(command: Command): string {
  let text = '';
  command.configureHelp({ ...command.configureHelp(), showGlobalOptions: false, helpWidth: 100 });
  command.configureOutput({
    writeOut: (piece) => {
      text += piece;
    },
  });
  command.outputHelp();
  return text.trimEnd().concat('\n');
}
