import { Command, Option } from 'commander';
import { addOptions, describeConfig } from '../lib/config.ts';
import { runProgram, stopSignal } from '../lib/program.ts';
import packageJson from '../package.json' with { type: 'json' };
import { type CommandContext, type Format, formats, type Outcome } from './commands/command.ts';
import { keepCompiled } from './compiled.ts';
import { type AgentConfig, agentSettings, loadAgentConfig } from './config.ts';
import { agentFolder } from './folder.ts';

const { version } = packageJson;
const program = new Command('sluice-agent')
  .description('Limits and marks the traffic of this host’s ports as its Sluice server says.')
  .version(version)
  .configureHelp({ showGlobalOptions: true });
addOptions(program, agentSettings);

program
  .command('run', { isDefault: true })
  .description('enforce until stopped; limits stay when it stops')
  .action(async () => {
    const config = load();
    keepCompiled(agentFolder(config));
    // Only here: help and check-config need none of it, and answer at once.
    const [{ createLog }, { runAgent }] = await Promise.all([
      import('../lib/log.ts'),
      import('./agent.ts'),
    ]);
    const log = createLog('sluice-agent', config.logLevel, config.logFormat);
    await runAgent({ config, version, log }, stopSignal());
  });

command(
  'plan',
  'print what the agent would change now, and change nothing; exit 2 if anything',
).action(async (options: FormatOption) => {
  const { plan } = await import('./commands/plan.ts');
  await print(plan(await contextFor(options)));
});

command('status', 'print how each limit stands, the switch, the server and the agent').action(
  async (options: FormatOption) => {
    const { status } = await import('./commands/status.ts');
    await print(status(await contextFor(options)));
  },
);

command('purge', 'remove everything of Sluice’s from this switch; the agent must not run')
  .option('--yes', 'do not ask')
  .action(async (options: FormatOption & { readonly yes?: true }) => {
    const { purge } = await import('./commands/purge.ts');
    const { confirm, canAsk } = await import('../lib/confirm.ts');
    const asking = options.yes || !canAsk() ? async () => true : confirm;
    await print(purge({ ...(await contextFor(options)), confirm: asking }));
  });

program
  .command('check-config')
  .description('print the settings as they hold, or every fault that they have')
  .action(() => {
    process.stdout.write(`${describeConfig(agentSettings, load())}\n`);
  });

await runProgram(program);

interface FormatOption {
  readonly format: Format;
}

/** A command that prints and ends. */
function command(name: string, description: string): Command {
  const format = new Option('-f, --format <format>', 'for people or for scripts')
    .choices(formats)
    .default('text');
  return program.command(name).description(description).addOption(format);
}

async function contextFor({ format }: FormatOption): Promise<CommandContext> {
  const config = load();
  const { createLog } = await import('../lib/log.ts');
  // A service says that it is connected; a command that prints and ends says what is wrong.
  const level = config.logLevel === 'info' ? 'error' : config.logLevel;
  return { config, format, log: createLog('sluice-agent', level, config.logFormat) };
}

async function print(outcome: Promise<Outcome>): Promise<void> {
  const { output, exitCode } = await outcome;
  process.stdout.write(output);
  process.exitCode = exitCode;
}

function load(): AgentConfig {
  return loadAgentConfig({ flags: program.opts(), env: process.env });
}
