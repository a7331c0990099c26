import { lockFolder } from '../lib/folderLock.ts';
import type { AgentConfig } from './config.ts';
import { agentFolder } from './folder.ts';

/** Holds what the agent keeps: one agent a folder, and no purge beside it. `advice` ends the sentence that refuses. */
export function lockAgentFolder(
  config: AgentConfig,
  advice = 'stop it, or give this one its own SLUICE_DATA.',
): Disposable {
  const folder = agentFolder(config);
  return lockFolder(folder, (pid) => `An agent${pid} is running on ${folder}; ${advice}`);
}
