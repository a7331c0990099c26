import type { Command } from 'commander';
import type { Logger } from '../lib/log.ts';
import { Client } from './client/client.ts';
import { type CliConfig, loadCliConfig } from './config.ts';
import { readTls } from './credentials.ts';
import type { Terminal } from './output/terminal.ts';

/** What every command works with. */
export interface Context {
  readonly client: Client;
  readonly terminal: Terminal;
}

/** Reads the settings that stand before or after the command. Rejects with a UserError that has every fault of them. */
export async function openContext(command: Command, terminal: Terminal): Promise<Context> {
  const config = await loadCliConfig({ flags: command.optsWithGlobals(), env: process.env });
  const [log, tls] = await Promise.all([openLog(config), readTls(config)]);
  const client = new Client({
    ...{ config, tls },
    onRequest: ({ fault, ...request }) =>
      log?.debug(fault === null ? request : { ...request, fault }, 'Asked the server.'),
    onNote: (sentence) => log?.debug(sentence),
  });
  return { client, terminal };
}

/** Only where something would be logged: the logger takes longer to load than most commands take to run. */
async function openLog({ logLevel, logFormat }: CliConfig): Promise<Logger | null> {
  if (logLevel !== 'debug' && logLevel !== 'trace') return null;
  const { createLog } = await import('../lib/log.ts');
  return createLog('sluice', logLevel, logFormat);
}
