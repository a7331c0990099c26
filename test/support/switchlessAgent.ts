import { Connection } from '../../agent/connection.ts';
import type { DesiredState } from '../../agent/desired.ts';
import type { DirectionResult, PluggedPort } from '../../agent/drivers/driver.ts';
import { Feed } from '../../agent/feed.ts';
import { Heartbeat } from '../../agent/heartbeat.ts';
import { patience } from '../../agent/persist.ts';
import { Ports } from '../../agent/ports.ts';
import { Reporter } from '../../agent/reporter.ts';
import { sessionTiming } from '../../agent/session.ts';
import type { Part } from '../../lib/lifecycle.ts';
import { createLog } from '../../lib/log.ts';
import type { PortQosFieldsFragment as PortQos } from '../../schema/generated/graphql.ts';

const log = createLog('agent', 'silent', 'json');
const configurations = {
  driver: 'none',
  ovsVersion: '3.1.0',
  capabilities: { bridges: [{ name: 'br-int', datapathType: 'netdev', meters: 262_144 }] },
};

export interface SwitchlessAgentOptions {
  readonly host: string;
  readonly servers: readonly string[];
  readonly token: string;
  /** Each complete state that the feed said. */
  readonly onStep: (desired: DesiredState) => void;
  readonly onConnected: (connected: boolean) => void;
}

/**
 * An agent without a switch: its own connection, feed, heartbeat and reports, as the real program wires them,
 * and a switch that has every port of the feed and does at once what it is told.
 */
export function switchlessAgent({
  host,
  servers,
  token,
  onStep,
  onConnected,
}: SwitchlessAgentOptions): Part {
  const reporter = new Reporter({ host, log, patience });
  const ports = new Ports({ host, log, patience });
  const feed = new Feed({
    host,
    initial: null,
    log,
    patience,
    onStep: (desired) => {
      ports.observed(pluggedAs(desired));
      reporter.settled(desired, appliedAs(desired));
      onStep(desired);
    },
  });
  const heartbeat = new Heartbeat({
    host,
    version: '0',
    configurations: () => configurations,
    confirmed: () => reporter.confirmed,
    told: () => {},
    log,
    patience,
  });
  return new Connection({
    servers,
    token: async () => token,
    users: [heartbeat, feed, ports, reporter],
    log,
    timing: sessionTiming,
    patience,
    onConnected,
  });
}

const pluggedAs = ({ ports }: DesiredState): PluggedPort[] =>
  [...ports.keys()].map((portId) => ({
    portId,
    interfaceName: `tap${portId.slice(0, 11)}`,
    bridge: 'br-int',
    mac: null,
  }));

const appliedAs = ({ ports }: DesiredState): DirectionResult[] =>
  [...ports.values()].flatMap(applied);

function applied({ portId, egress, ingress }: PortQos): DirectionResult[] {
  const directions = [
    ['EGRESS', egress],
    ['INGRESS', ingress],
  ] as const;
  return directions.flatMap(([direction, limit]) =>
    limit
      ? [
          {
            portId,
            direction,
            ruleId: limit.ruleId,
            ruleVersion: limit.ruleVersion,
            status: 'APPLIED' as const,
            message: null,
            programmed: { mechanism: 'none', maxKbps: limit.maxKbps },
          },
        ]
      : [],
  );
}
