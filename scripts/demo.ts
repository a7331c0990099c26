/** `npm run demo`: a rule made through GraphQL limits real packets, on a server, agent and switch of its own. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { aborted, type Part, runTogether } from '../lib/lifecycle.ts';
import { runProgram, stopSignal } from '../lib/program.ts';
import { graphqlOver } from './demo/graphql.ts';
import { type Lab, withLab } from './demo/lab.ts';
import { tellStory } from './demo/story.ts';
import { freePort } from './lab/freePort.ts';
import { childProgram } from './start/childProgram.ts';
import { untilReady } from './start/server.ts';
import { ensureToken } from './start/token.ts';

const host = 'demo';

const program = new Command('npm run demo --')
  .description('Shows a rule limiting real traffic: figures before and after, and a verdict.')
  .option('--stay', 'keep everything running after the verdict, until Ctrl-C')
  .action(({ stay = false }: { stay?: boolean }) => demo(stay, stopSignal()));

await runProgram(program);

/** Exit code 0 when the limits held, 1 when not, 130 when it was interrupted before that was known. */
async function demo(stay: boolean, signal: AbortSignal): Promise<void> {
  forgetSettings();
  process.exitCode = 130;
  await withLab(async (lab) => {
    const baseUrl = `http://127.0.0.1:${await freePort()}`;
    const env = {
      SLUICE_DATA: lab.data,
      SLUICE_LISTEN: new URL(baseUrl).host,
      SLUICE_LOG_LEVEL: 'warn',
    };
    const server = childProgram({ name: 'server', script: 'src/main.ts', env });
    await runTogether([server, agentAndStory({ lab, baseUrl, env, stay })], signal);
  });
}

interface Stage {
  readonly lab: Lab;
  readonly baseUrl: string;
  /** The server's settings; the agent shares them. */
  readonly env: Readonly<Record<string, string>>;
  readonly stay: boolean;
}

/** What follows once the server is ready. */
function agentAndStory(stage: Stage): Part {
  const { lab, baseUrl, env } = stage;
  return {
    name: 'demo',
    async run(signal) {
      if (!(await untilReady(baseUrl, signal))) return;
      const agentToken = join(lab.data, 'agent.token');
      await ensureToken({ file: agentToken, args: ['--role', 'agent', '--host', host], env });
      const agentEnv = {
        ...env,
        SLUICE_HOST: host,
        SLUICE_SERVER: `${baseUrl}/graphql`,
        SLUICE_TOKEN_FILE: agentToken,
        SLUICE_OVSDB: lab.ovs.ovsdb,
        SLUICE_OVS_NETNS: lab.ovs.netns,
        SLUICE_METRICS_LISTEN: 'off',
      };
      const agent = childProgram({ name: 'agent', script: 'agent/main.ts', env: agentEnv });
      await runTogether([agent, story(stage)], signal);
    },
  };
}

function story({ lab, baseUrl, env, stay }: Stage): Part {
  return {
    name: 'story',
    async run(signal) {
      const file = join(lab.data, 'admin.token');
      await ensureToken({ file, args: ['--role', 'admin'], env });
      const ask = graphqlOver(`${baseUrl}/graphql`, (await readFile(file, 'utf8')).trim());
      try {
        const held = await tellStory({ ask, guest: lab.guest, peer: lab.peer, say, signal });
        process.exitCode = held ? 0 : 1;
      } catch (error) {
        if (!signal.aborted) throw error;
      }
      if (stay && !signal.aborted) {
        say(staying(lab, baseUrl, file));
        await aborted(signal);
      }
    },
  };
}

function staying({ guest, peer }: Lab, baseUrl: string, tokenFile: string): string {
  return `
Everything stays up until Ctrl-C.
  GraphiQL   ${baseUrl}/graphql
  Token      ${tokenFile} (administrator)
  Traffic    ip netns exec ${peer.netns} iperf3 --server
             ip netns exec ${guest.netns} iperf3 --client ${peer.address} --udp --bitrate 60M`;
}

/** The demo is its own world: settings meant for another server or agent do not reach into it. */
function forgetSettings(): void {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('SLUICE_')) delete process.env[name];
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
