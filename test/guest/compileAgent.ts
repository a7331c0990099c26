import { join } from 'node:path';
import { run } from '../../scripts/lab/command.ts';
import { checkout } from './machineOptions.ts';

/**
 * For every Node in the guest. Without it, V8 aborts now and then while it optimizes WebAssembly on an
 * emulated processor: "Check failed: it->second.Size() > offset", in Runtime_WasmTriggerTierUp.
 */
export const nodeFlags = ['--liftoff-only'];

/**
 * Fills the folder with what Node makes of the agent's sources when it loads them: JavaScript, compiled
 * (NODE_COMPILE_CACHE). Making it takes an emulated processor as long as all else of the agent's start.
 */
export async function compileAgent(folder: string): Promise<void> {
  const source = (...names: string[]) => join(checkout, 'agent', ...names);
  // What main.ts loads only when it is needed, and main.ts itself.
  const loaded = [source('agent.ts'), source('drivers', 'ovs', 'index.ts')];
  const imports = loaded.flatMap((file) => ['--import', file]);
  const args = [...nodeFlags, ...imports, source('main.ts'), '--version'];
  await run(process.execPath, args, { env: { NODE_COMPILE_CACHE: folder } });
}
