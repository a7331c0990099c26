import { Command, type Option } from 'commander';
import { addOptions } from '../lib/config.ts';
import packageJson from '../package.json' with { type: 'json' };
import { addAgentCommands } from './commands/agent.ts';
import { addAuditCommands } from './commands/audit.ts';
import { addCompletionCommands } from './commands/completion.ts';
import { addContextCommands } from './commands/context.ts';
import { addCredentialCommands } from './commands/credential.ts';
import { addExamples } from './commands/examples.ts';
import { addExtensionCommands } from './commands/extension.ts';
import { addHostCommands } from './commands/host.ts';
import { addPortCommands } from './commands/port.ts';
import { addQuotaCommands } from './commands/quota.ts';
import { addRuleCommands } from './commands/rule.ts';
import { cliSettings } from './config.ts';

/** The whole command line, as it is declared; what its commands do is loaded when one runs. */
export function createProgram(): Command {
  const program = new Command('sluice')
    .description('Bandwidth limits and DSCP marks for the ports of Open vSwitch hosts.')
    .version(packageJson.version)
    .configureHelp({ showGlobalOptions: true, optionTerm })
    .showSuggestionAfterError()
    // Commands inherit it when they are made.
    .exitOverride();
  addOptions(program, cliSettings);
  addRuleCommands(program);
  addAgentCommands(program);
  addPortCommands(program);
  addHostCommands(program);
  addQuotaCommands(program);
  addExtensionCommands(program);
  addAuditCommands(program);
  addCredentialCommands(program);
  addContextCommands(program);
  addCompletionCommands(program);
  addExamples(program);
  return program;
}

/** An optional value is taken after `=` only. */
function optionTerm({ flags, optional }: Option): string {
  return optional ? flags.replace(' [', '[=') : flags;
}
