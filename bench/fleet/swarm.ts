/** A process with thousands of agents, forked by swarmProcess.ts, which sends what they are and is told how they fare. */
import { once } from 'node:events';
import { loadTokenSecret } from '../../src/auth/secret.ts';
import { createToken } from '../../src/auth/tokens.ts';
import { machineMs, type SwarmOptions, type SwarmState, type ToSwarm } from './messages.ts';
import { SwarmAgent } from './swarmAgent.ts';

const tellEveryMs = 50;

const [options] = (await once(process, 'message')) as [SwarmOptions];
const secret = await loadTokenSecret(options.secretFile);
const connected = new Set<string>();
const holding = new Set<string>();
const stepped = new Set<string>();
let steppedAtMs = 0;

const agents = await Promise.all(options.hosts.map(createAgent));
for (const agent of agents) agent.dial();

process.on('message', (message: ToSwarm) => {
  if (message.type === 'mark') stepped.clear();
  else stop();
});
const tell = () => {
  const state: SwarmState = {
    type: 'state',
    connected: connected.size,
    holding: holding.size,
    stepped: stepped.size,
    steppedAtMs,
  };
  process.send?.(state);
};
const timer = setInterval(tell, tellEveryMs);

async function createAgent(host: string, index: number): Promise<SwarmAgent> {
  const { token } = await createToken(secret, { role: 'agent', host });
  // Each begins its round through the servers elsewhere, as a fleet's settings would have it.
  const { servers } = options;
  const first = index % servers.length;
  return new SwarmAgent({
    host,
    servers: [...servers.slice(first), ...servers.slice(0, first)],
    token,
    onStep: () => {
      holding.add(host);
      if (stepped.has(host)) return;
      stepped.add(host);
      steppedAtMs = machineMs();
    },
    onConnected: (is) => {
      if (is) connected.add(host);
      else connected.delete(host);
      holding.delete(host);
    },
  });
}

function stop(): void {
  clearInterval(timer);
  for (const agent of agents) agent.stop();
  process.disconnect();
}
