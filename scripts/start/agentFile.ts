import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { envNameOf } from '../../lib/config.ts';

/** Settings of this host's agent, by their names. */
export type AgentSettings = Readonly<Record<string, string>>;

/** For `sluice-agent --config`: what the running agent has, so that `status`, `plan` and `purge` look where it does. */
export async function writeAgentFile(file: string, settings: AgentSettings): Promise<void> {
  const heading = '# Written by npm start at each start: the settings of its agent.\n';
  await writeFile(file, heading + stringify(settings, { lineWidth: 0 }));
}

export function environmentOf(settings: AgentSettings): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [envNameOf(key), value]),
  );
}
