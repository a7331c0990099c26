import { join } from 'node:path';
import type { AgentConfig } from './config.ts';
import type { LastGoodFile } from './lastGood.ts';

/** What the agent keeps, below the data folder. */
export function agentFolder({ data }: AgentConfig): string {
  return join(data, 'agent');
}

export function lastGoodFile(config: AgentConfig): LastGoodFile {
  return { path: join(agentFolder(config), 'last-known-good.json'), host: config.host };
}
