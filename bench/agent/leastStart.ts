import packageJson from '../../package.json' with { type: 'json' };
import { bundle } from '../../scripts/build/bundle.ts';
import { FeedServer } from '../../test/support/feedServer.ts';
import { startProgram } from '../../test/support/program.ts';
import type { HostOptions, PortQos } from './host.ts';

/** Starts the least program with a stand-in that asks this of it; ends with both. */
export async function startLeast(
  { ovs, program, dir }: HostOptions,
  ports: readonly PortQos[],
): Promise<AsyncDisposable> {
  const server = await FeedServer.start(0, { isVerbatim: true });
  const step = { from: null, to: 'c1', more: false, adminStateUp: true, ports: [...ports] };
  server.firstSteps = () => [step];
  const running = startProgram(program, [], {
    SLUICE_SERVER: server.url,
    SLUICE_OVSDB: ovs.ovsdb,
    SLUICE_DATA: dir,
  });
  return {
    [Symbol.asyncDispose]: async () => {
      await running.stop();
      await server.stop();
    },
  };
}

/** Builds the least program as the agent is built: `least.js` in a folder that is below one with the package's manifest. */
export async function buildLeast(folder: string): Promise<void> {
  const programs = { least: 'bench/agent/leastAgent.ts' };
  await bundle({ folder, programs, version: packageJson.version, areRun: true });
}
