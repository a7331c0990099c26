import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Cli, cliFor, type RunningCli } from '../../support/cli.ts';
import { CommandUse } from '../../support/commandUse.ts';
import { eventually } from '../../support/eventually.ts';
import { type Guest, startSwitch, type TestSwitch } from '../../support/ovs.ts';
import { createDatabase } from '../../support/postgres.ts';
import type { Program } from '../../support/program.ts';
import { type Enforced, readSwitch } from '../../support/readSwitch.ts';
import { type System, startSystem } from '../../support/system.ts';

export const host = 'host-real';
export const tenantId = 'acme';
export const formats = ['table', 'json', 'yaml', 'csv', 'value'] as const;

/** What the commands are run on: a server, a switch with two guests, and the switch's agent. */
export interface Stage extends AsyncDisposable {
  readonly sluice: Cli;
  readonly use: CommandUse;
  readonly system: System;
  readonly ovs: TestSwitch;
  readonly guests: readonly [Guest, Guest];
  readonly folder: string;
  readonly serverUrl: string;
  agent: Program;
  startAgent(): Promise<void>;
  /** What the switch holds a port to, as its own tools tell it. */
  enforced(portId: string): Promise<Enforced | undefined>;
}

export async function openStage(): Promise<Stage> {
  const folder = await mkdtemp('/tmp/sluice-cli-');
  const [database, ovs] = await Promise.all([createDatabase(), startSwitch()]);
  const system = await startSystem(database.url);
  await ovs.addBridge('br0');
  const guests = [
    await ovs.addPort({ bridge: 'br0' }),
    await ovs.addPort({ bridge: 'br0' }),
  ] as const;
  const serverUrl = `http://127.0.0.1:${system.port}/graphql`;
  const use = new CommandUse();
  const startAgent = async () => {
    const agent = await system.startAgent({ host, ovs });
    await eventually(() => expect(agent.log).toContain('Connected to the server.'), {
      timeoutMs: 15_000,
    });
    return agent;
  };
  const stage: Stage = {
    ...{ use, system, ovs, guests, folder, serverUrl },
    sluice: use.recorded(cliFor(serverUrl, await system.adminToken())),
    agent: await startAgent(),
    startAgent: async () => {
      stage.agent = await startAgent();
    },
    enforced: async (portId) => (await readSwitch(ovs, 'br0')).get(portId),
    [Symbol.asyncDispose]: async () => {
      await system[Symbol.asyncDispose]();
      await ovs.stop();
      await database.dispose();
      await rm(folder, { recursive: true });
    },
  };
  return stage;
}

/** Where this stage's user has contexts. */
export const contextEnv = ({ folder }: Stage) => ({ XDG_CONFIG_HOME: join(folder, 'config') });

/** Ctrl-C. */
export async function interrupt(running: RunningCli) {
  running.child.kill('SIGINT');
  return running.ended;
}
