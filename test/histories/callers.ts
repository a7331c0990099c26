import type { Pool } from 'pg';
import { unreachable } from '../../lib/errors.ts';
import { isUnavailable } from '../../src/db/unavailable.ts';
import { Refused } from '../../src/domain/errors.ts';
import { getAgent, updateAgent } from '../../src/services/agents.ts';
import { applyQosRules } from '../../src/services/applyQosRules.ts';
import { bindPort, unbindPort } from '../../src/services/ports.ts';
import { createQosRule, deleteQosRule, updateQosRule } from '../../src/services/qosRules.ts';
import type { Services } from '../../src/services/services.ts';
import { admin } from '../support/services.ts';
import type { Extent } from './backup.ts';
import type { Change, Direction } from './plan.ts';
import type { Recording } from './recording.ts';

const tenantId = 'history';

export interface CallersOptions extends Extent {
  readonly pool: Pool;
  /** A server's services, another one each time; `leaving`: whatever fails there is no wonder. */
  readonly server: () => { readonly services: Services; readonly leaving: boolean };
  readonly recording: Recording;
}

/** Those who change rules and bindings, many at once; what they are told is done is written down. */
export class Callers {
  readonly #options: CallersOptions;

  constructor(options: CallersOptions) {
    this.#options = options;
  }

  /** Makes all of the changes at the same time. What is refused, or lost with a server or a database, is no fault. */
  async make(changes: readonly Change[]): Promise<void> {
    await Promise.all(changes.map((change) => this.#attempt(change)));
  }

  async #attempt(change: Change): Promise<void> {
    const server = this.#options.server();
    try {
      await this.#make(change, server.services);
    } catch (error) {
      if (!(error instanceof Refused) && !isUnavailable(error) && !server.leaving) throw error;
    }
  }

  async #make(change: Change, services: Services): Promise<void> {
    const { hosts } = this.#options;
    switch (change.kind) {
      case 'set':
        return this.#set(services, this.#portId(change.port), change.direction, change.maxKbps);
      case 'clear':
        return this.#clear(services, this.#portId(change.port), change.direction);
      case 'apply':
        return this.#apply(
          services,
          change.ports.map((port) => this.#portId(port)),
          change.maxKbps,
        );
      case 'bind':
      case 'unbind': {
        const input = { portId: this.#portId(change.port), host: hosts[change.host] ?? '' };
        await (change.kind === 'bind' ? bindPort : unbindPort)(services, admin, input);
        return;
      }
      case 'admin': {
        const agent = await getAgent(services, admin, { host: hosts[change.host] ?? '' });
        if (agent) await updateAgent(services, admin, { id: agent.id, adminStateUp: change.up });
        return;
      }
      default:
        return unreachable(change);
    }
  }

  async #set(services: Services, portId: string, direction: Direction, maxKbps: number) {
    const id = await this.#ruleId(portId, direction);
    const rule = id
      ? await updateQosRule(services, admin, { id, maxKbps })
      : await createQosRule(services, admin, { tenantId, portId, direction, maxKbps });
    this.#acknowledged(rule.id, rule.version);
  }

  async #clear(services: Services, portId: string, direction: Direction) {
    const id = await this.#ruleId(portId, direction);
    if (!id) return;
    await deleteQosRule(services, admin, { id });
    this.#acknowledged(id, null);
  }

  async #apply(services: Services, portIds: readonly string[], maxKbps: number) {
    const rules = portIds.map((portId) => ({ portId, direction: 'EGRESS' as const, maxKbps }));
    const input = { tenantId, rules, prune: false, dryRun: false };
    const { qosRules } = await applyQosRules(services, admin, input);
    for (const { id, version } of qosRules) this.#acknowledged(id, version);
  }

  #acknowledged(ruleId: string, version: number | null): void {
    this.#options.recording.add({ kind: 'acknowledged', ruleId, version });
  }

  #portId(port: number): string {
    return this.#options.portIds[port] ?? '';
  }

  async #ruleId(portId: string, direction: Direction): Promise<string | undefined> {
    const { rows } = await this.#options.pool.query<{ id: string }>(
      'select id from qos_rules where port_id = $1 and direction = $2',
      [portId, direction],
    );
    return rows[0]?.id;
  }
}
