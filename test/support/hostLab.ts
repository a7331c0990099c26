import { startSwitch, type TestSwitch } from './ovs.ts';
import { createDatabase, type TestDatabase } from './postgres.ts';
import { type System, startSystem } from './system.ts';

/** A host and what it needs: a switch with the bridge br0, and the real programs over a database. */
export interface HostLab extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly ovs: TestSwitch;
  readonly system: System;
}

/** The agent is the test's to start. `settings`: the server's. */
export async function startHostLab(
  settings: Readonly<Record<string, string>> = {},
): Promise<HostLab> {
  await using started = new AsyncDisposableStack();
  const [database, ovs] = await Promise.all([createDatabase(), startSwitch()]);
  started.defer(() => database.dispose());
  started.defer(() => ovs.stop());
  await ovs.addBridge('br0');
  const system = started.use(await startSystem(database.url, settings));
  const parts = started.move();
  return { database, ovs, system, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}
