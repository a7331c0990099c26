/**
 * `npm run bench fleet [-- AGENTS]`: what a fleet costs one server: how soon all agents hold their state after
 * its start, its memory and time for them, and how long a change and a burst of changes take among them. A real
 * server, a real database, and agents that say on the wire what the real ones do.
 */
import { freePort } from '../scripts/lab/freePort.ts';
import { withBenchDatabase } from './fleet/database.ts';
import {
  measureBurst,
  measureChange,
  measureHolding,
  measureSnapshot,
  measureSteady,
} from './fleet/measurements.ts';
import { startProbe } from './fleet/probe.ts';
import { reportOf } from './fleet/report.ts';
import { seedFleet, seedLargeHost } from './fleet/seed.ts';
import {
  type FleetServer,
  proportionalKiB,
  secretFileOf,
  startFleetServer,
} from './fleet/server.ts';
import { startSwarm } from './fleet/swarmProcess.ts';
import { keepResults } from './results.ts';

const agents = Number(process.argv[2] ?? 10_000);
const portsEach = 2;
const heartbeatMs = 10_000;
const burstHosts = Math.min(1_000, agents);
const largePorts = 5_000;
const largeHost = 'large';

await withBenchDatabase(async (database) => {
  const [probed, ...swarmed] = await seedFleet(database.url, { hosts: agents + 1, portsEach });
  if (!probed) throw new Error('No host was made.');
  await seedLargeHost(database.url, largeHost, largePorts);
  const port = await freePort();
  // Each server at the same address as the one before it, as after a restart.
  const onServer = async <T>(use: (server: FleetServer) => Promise<T>): Promise<T> => {
    const settings = { SLUICE_HEARTBEAT_MS: `${heartbeatMs}` };
    await using server = await startFleetServer(database, { port, settings });
    return await use(server);
  };

  const snapshot = await onServer((server) => measureSnapshot(server, largeHost));
  const alone = await onServer(async (server) => {
    await using probe = await startProbe(server, probed.host);
    return {
      changeMs: await measureChange(server, probe, probed),
      kiB: await proportionalKiB(server.program.pid),
    };
  });
  await using swarm = await startSwarm({
    servers: [`http://127.0.0.1:${port}/graphql`],
    secretFile: secretFileOf(database),
    hosts: swarmed.map(({ host }) => host),
  });
  const { fromNothing, ...among } = await onServer(async (server) => {
    const fromNothing = await measureHolding(server, swarm);
    const over = { settleMs: heartbeatMs, aloneKiB: alone.kiB };
    const steady = await measureSteady({ server, swarm, database }, over);
    await using probe = await startProbe(server, probed.host);
    const changeMs = await measureChange(server, probe, probed);
    const burstMs = await measureBurst(server, swarm, swarmed.slice(0, burstHosts));
    return { fromNothing, steady, changeMs, burstMs };
  });
  const resumed = await onServer((server) => measureHolding(server, swarm));
  const figures = { alone, snapshot, holding: { fromNothing, resumed }, among };
  process.stdout.write(`${reportOf({ agents, ...figures }, { burstHosts, largePorts })}\n`);
  await keepResults('fleet', { agents, portsEach, heartbeatMs, ...figures });
});
