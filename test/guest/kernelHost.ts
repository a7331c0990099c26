import { expect } from 'vitest';
import {
  AgentDocument,
  CreateQosRuleDocument,
  type CreateQosRuleInput,
  DeleteQosRuleDocument,
  QosRuleDocument,
  type QosRuleQuery,
} from '../../schema/generated/graphql.ts';
import { eventually } from '../support/eventually.ts';
import { createDatabase } from '../support/postgres.ts';
import { type System, startSystem } from '../support/system.ts';
import { agentLog, type GuestAgent, startGuestAgent } from './agent.ts';
import { type Guest, startGuest } from './guest.ts';
import { type KernelSwitch, type Port, startKernelSwitch } from './kernelSwitch.ts';

export const host = 'kernel-host';

/** A host with the kernel's datapath, in a guest, and the server that its agent goes by, on this machine. */
export interface KernelHost extends AsyncDisposable {
  readonly system: System;
  readonly guest: Guest;
  readonly ovs: KernelSwitch;
  /** In the place of the one before. Resolves when the server has its feed open. */
  startAgent(settings?: Readonly<Record<string, string>>): Promise<void>;
  create(port: Port, limits: Omit<CreateQosRuleInput, 'tenantId' | 'portId'>): Promise<string>;
  /** Nothing happens where there is no such rule any more. */
  remove(id: string): Promise<void>;
  /** The rule's only binding, once `expectation` holds of it. */
  binding(id: string, expectation: (binding: Binding) => void): Promise<Binding>;
  /** Resolves once the server has been told of these. */
  capabilities(expected: object): Promise<void>;
  agentLog(): Promise<string>;
}

export type Binding = NonNullable<QosRuleQuery['qosRule']>['bindings'][number];

/** Under emulation a round takes a second or two, and others share the processors. */
export const settledWithinMs = 60_000;
/** Node starts in 10 s, and in more than a minute where others use the processors. */
const startedWithinMs = 180_000;

export async function startKernelHost(
  serverSettings: Readonly<Record<string, string>> = {},
): Promise<KernelHost> {
  await using started = new AsyncDisposableStack();
  const database = await createDatabase();
  started.defer(() => database.dispose());
  const system = started.use(await startSystem(database.url, serverSettings));
  const guest = started.use(await startGuest());
  const ovs = await startKernelSwitch(guest);
  const logOfAgent = () => guest.succeed(`tail -n 100 ${agentLog}`);
  let agent: GuestAgent | null = null;
  const running = started.move();
  return {
    system,
    guest,
    ovs,
    startAgent: async (settings = {}) => {
      await agent?.stop();
      agent = await startGuestAgent(guest, { host, system, settings });
      await eventually(() => isConnected(system), {
        timeoutMs: startedWithinMs,
        intervalMs: 500,
      }).catch(async (cause: Error) => {
        throw new Error(`${cause.message} Its log:\n${await logOfAgent()}`, { cause });
      });
    },
    create: async ({ portId }, limits) => {
      const input = { tenantId: 't', portId, ...limits };
      const { createQosRule } = await system.request(CreateQosRuleDocument, { input });
      return createQosRule.qosRule.id;
    },
    remove: async (id) => {
      await system.request(DeleteQosRuleDocument, { input: { id } }).catch(() => undefined);
    },
    binding: (id, expectation) =>
      eventually(
        async () => {
          const { qosRule } = await system.request(QosRuleDocument, { id });
          const [binding] = qosRule?.bindings ?? [];
          if (!binding) throw new Error(`Rule ${id} has no binding.`);
          expectation(binding);
          return binding;
        },
        { timeoutMs: settledWithinMs, intervalMs: 200 },
      ),
    capabilities: async (expected) => {
      await eventually(
        async () => {
          const { agent: found } = await system.request(AgentDocument, { host });
          expect(found?.configurations).toMatchObject({ capabilities: expected });
        },
        { timeoutMs: settledWithinMs, intervalMs: 200 },
      );
    },
    agentLog: logOfAgent,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function isConnected(system: System): Promise<void> {
  const { agent } = await system.request(AgentDocument, { host });
  if (!agent?.connected) throw new Error('The agent in the guest is not connected.');
}
