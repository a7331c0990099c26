import { Command } from 'commander';
import { addOptions, describeConfig } from '../lib/config.ts';
import { runProgram, stopSignal } from '../lib/program.ts';
import packageJson from '../package.json' with { type: 'json' };
import { type AgentConfig, agentSettings, loadAgentConfig } from './config.ts';

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
    // Only here: help and check-config need none of it, and answer at once.
    const [{ createLog }, { runAgent }] = await Promise.all([
      import('../lib/log.ts'),
      import('./agent.ts'),
    ]);
    const log = createLog('sluice-agent', config.logLevel, config.logFormat);
    await runAgent({ config, version, log }, stopSignal());
  });

program
  .command('check-config')
  .description('print the settings as they hold, or every fault that they have')
  .action(() => {
    process.stdout.write(`${describeConfig(agentSettings, load())}\n`);
  });

await runProgram(program);

function load(): AgentConfig {
  return loadAgentConfig({ flags: program.opts(), env: process.env });
}
