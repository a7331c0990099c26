import { randomUUID } from 'node:crypto';
import { createLog } from '../../lib/log.ts';
import { tokenSigner } from '../../src/auth/tokens.ts';
import { openDatabase } from '../../src/db/orm.ts';
import { Tenants } from '../../src/db/tenants.ts';
import type { Actor } from '../../src/domain/actor.ts';
import { encodeFeedCursor } from '../../src/domain/feedCursor.ts';
import type { Dial } from '../../src/feed/line.ts';
import { LineDoorbell } from '../../src/feed/lineDoorbell.ts';
import { postgresLine } from '../../src/feed/postgresLine.ts';
import { Presence } from '../../src/feed/presence.ts';
import { Switchboard } from '../../src/feed/switchboard.ts';
import { createBulk } from '../../src/services/bulk.ts';
import { entityManagers } from '../../src/services/emFor.ts';
import { recordHeartbeat } from '../../src/services/heartbeat.ts';
import { getHostQos } from '../../src/services/hostQos.ts';
import type { QosResultInput } from '../../src/services/qosReport.ts';
import { reportPorts } from '../../src/services/reportPorts.ts';
import { reportQos } from '../../src/services/reportQos.ts';
import type { Services } from '../../src/services/services.ts';
import { defaultSettings } from '../../src/services/settings.ts';
import { createDatabase } from './postgres.ts';

export const admin: Actor = { role: 'admin', subject: 'test-admin', tenantId: null };
export const member = (tenantId: string): Actor => ({
  role: 'member',
  subject: `test-${tenantId}`,
  tenantId,
});
const agentOn = (host: string): Actor => ({ role: 'agent', subject: `test-${host}`, host });
/** The database as the server itself reaches it. */
export const emOf = (services: Services) => services.emFor(admin);
export const portId = (): string => randomUUID();

export interface TestServices extends AsyncDisposable {
  readonly services: Services;
  readonly url: string;
}

/** The services over a real database of the test's own, with their doorbell heard by LISTEN. */
export async function startServices(
  settings: Partial<Services['settings']> = {},
): Promise<TestServices> {
  const database = await createDatabase();
  const running = await connectServices(database.url, settings);
  return {
    services: running.services,
    url: database.url,
    [Symbol.asyncDispose]: async () => {
      await running[Symbol.asyncDispose]();
      await database.dispose();
    },
  };
}

/** Another server's services over the same database. */
export async function connectServices(
  url: string,
  settings: Partial<Services['settings']> = {},
  dial: Dial = postgresLine(url),
): Promise<TestServices> {
  const log = createLog('test', 'silent', 'json');
  const orm = await openDatabase({ url });
  const tenants = Tenants.of(orm);
  const switchboard = new Switchboard();
  const doorbell = new LineDoorbell(dial, switchboard, log);
  const presence = new Presence(orm, log, (agents) =>
    doorbell.ring({ hosts: [], rules: [], agents }),
  );
  const allSettings = { ...defaultSettings, ...settings };
  const controller = new AbortController();
  const running = Promise.all([doorbell.run(controller.signal), presence.run(controller.signal)]);
  return {
    services: {
      emFor: entityManagers(orm, tenants),
      doorbell,
      switchboard,
      presence,
      bulk: createBulk(orm, allSettings),
      log,
      tokens: tokenSigner(new Uint8Array(32).fill(7)),
      settings: allSettings,
    },
    url,
    [Symbol.asyncDispose]: async () => {
      controller.abort();
      await running;
      await tenants.close();
      await orm.close(true);
    },
  };
}

/** An agent's part of the conversation, without the agent. */
export function agentOf(services: Services, host: string) {
  const actor = agentOn(host);
  const input = { host, binary: 'sluice-agent', agentType: 'Open vSwitch agent', startFlag: false };
  return {
    heartbeat: () => recordHeartbeat(services, actor, input),
    plug: (...portIds: string[]) =>
      reportPorts(services, actor, {
        host,
        complete: false,
        plugged: portIds.map((id) => ({ portId: id, interfaceName: `tap-${id.slice(0, 8)}` })),
        unplugged: [],
      }),
    unplug: (...portIds: string[]) =>
      reportPorts(services, actor, { host, complete: false, plugged: [], unplugged: portIds }),
    /** Reports the results as of where the feed stands now. */
    report: async (
      results: readonly QosResultInput[],
      { complete = true, starts = false } = {},
    ) => {
      const { to } = await getHostQos(services, actor, host);
      const input = { host, to: encodeFeedCursor(to), complete, starts, results };
      return reportQos(services, actor, input);
    },
    qos: () => getHostQos(services, actor, host),
  };
}
