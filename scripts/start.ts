/** `npm start`: a server on its own PostgreSQL and this host's agent, until Ctrl-C. */
import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { addOptions, type ConfigOf, type ConfigRule, dataSetting, setting } from '../lib/config.ts';
import { listen, text } from '../lib/configTypes.ts';
import { lockFolder } from '../lib/folderLock.ts';
import { aborted, type Part, runTogether } from '../lib/lifecycle.ts';
import { loadConfig } from '../lib/loadConfig.ts';
import { runProgram, stopSignal } from '../lib/program.ts';
import { environmentOf, writeAgentFile } from './start/agentFile.ts';
import { announcement } from './start/announcement.ts';
import { childProgram, killChildPrograms } from './start/childProgram.ts';
import { baseUrlOf, requireFree, untilReady } from './start/server.ts';
import { findSwitch } from './start/switch.ts';
import { ensureToken } from './start/token.ts';

const settings = {
  data: setting({ ...dataSetting, help: 'folder for database, tokens and switch' }),
  listen: setting({ type: listen(), default: '127.0.0.1:4000', help: "the server's address" }),
  host: setting({ type: text(), default: hostname(), help: 'name of this host' }),
};

type StartConfig = ConfigOf<typeof settings>;

const knownPort: ConfigRule<typeof settings> = {
  about: ['listen'],
  fault: ({ listen: { port } }) =>
    port === 0
      ? 'The address to listen on needs a port other than 0: the agent must know it.'
      : undefined,
};

const program = addOptions(new Command('npm start --'), settings)
  .description('Starts a server, and an agent for this host, until Ctrl-C.')
  .action(async () => {
    const config = loadConfig(settings, { flags: program.opts(), env: process.env }, [knownPort]);
    await start(config, stopped());
  });

await runProgram(program);

async function start(config: StartConfig, signal: AbortSignal): Promise<void> {
  await mkdir(config.data, { recursive: true });
  // Held to the end: another start would take this one's switch and settings over, and stop them with itself.
  using _lock = lockFolder(join(config.data, 'start'), (pid) => isRunning(pid, config.data));
  await requireFree(config.listen);
  const env = {
    SLUICE_DATA: config.data,
    SLUICE_LISTEN: `${bracketed(config.listen.host)}:${config.listen.port}`,
    SLUICE_HOST: config.host,
  };
  const server = childProgram({ name: 'server', script: 'src/main.ts', env });
  await runTogether([server, thisHost(config, env)], signal);
}

function isRunning(pid: string, data: string): string {
  return `npm start${pid} is running on ${data}; stop it, or give this one its own: npm start -- --data FOLDER --listen ADDRESS:PORT`;
}

/** What follows once the server is ready: the tokens, the switch and its agent. */
function thisHost(config: StartConfig, env: Readonly<Record<string, string>>): Part {
  const baseUrl = baseUrlOf(config.listen);
  const adminToken = join(config.data, 'admin.token');
  const agentToken = join(config.data, 'agent.token');
  const agentFile = join(config.data, 'agent.yaml');
  return {
    name: 'host',
    async run(signal) {
      if (!(await untilReady(baseUrl, signal))) return;
      await ensureToken({ file: adminToken, args: ['--role', 'admin'], env });
      const agentArgs = ['--role', 'agent', '--host', config.host];
      await ensureToken({ file: agentToken, args: agentArgs, env });
      const found = await findSwitch(config.data);
      const agent = 'missing' in found ? `none: no ${found.missing}` : `on ${found.description}`;
      const announced = { baseUrl, adminToken, agent, agentFile };
      if ('missing' in found) {
        process.stdout.write(announcement({ ...announced, agentFile: null }));
        return aborted(signal);
      }
      const settings = {
        ...{ server: `${baseUrl}/graphql`, tokenFile: agentToken },
        ...{ host: config.host, data: config.data, ...found.settings },
      };
      await writeAgentFile(agentFile, settings);
      process.stdout.write(announcement(announced));
      // The user's own token, if one is set, is not this agent's.
      const agentEnv = { ...environmentOf(settings), SLUICE_TOKEN: '' };
      try {
        await childProgram({ name: 'agent', script: 'agent/main.ts', env: agentEnv }).run(signal);
      } finally {
        await found.stop();
      }
    },
  };
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** A second Ctrl-C ends the server and the agent too. */
function stopped(): AbortSignal {
  return stopSignal(['SIGINT', 'SIGTERM', 'SIGHUP'], () => {
    killChildPrograms();
    process.exit(130);
  });
}
