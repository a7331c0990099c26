import { Argument, type Command } from 'commander';

export function addCompletionCommands(program: Command): void {
  program
    .command('completion')
    .description('print what makes your shell complete commands, ids and hosts')
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const { scripts } = await import('../completion/scripts.ts');
      process.stdout.write(scripts[shell]);
    });

  // What those scripts ask: the words so far, the last of them unfinished.
  program
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .action(async (words: string[]) => {
      const { printCandidates } = await import('../completion/print.ts');
      await printCandidates(program, words);
    });
}
