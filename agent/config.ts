import { hostname } from 'node:os';
import {
  caFileSetting,
  clientCertRule,
  clientCertSettings,
  serverSetting,
  tokenRule,
} from '../lib/clientSettings.ts';
import {
  type ConfigOf,
  type ConfigRule,
  dataSetting,
  logSettings,
  type Sources,
  setting,
  traceSettings,
} from '../lib/config.ts';
import {
  asListenAddress,
  type ConfigType,
  configType,
  list,
  oneOf,
  path,
  text,
} from '../lib/configTypes.ts';
import { loadConfig } from '../lib/loadConfig.ts';
import type { PhysicalPortSetting } from './drivers/driver.ts';

export const agentSettings = {
  server: serverSetting,
  token: setting({ type: text(), secret: true, help: 'the token of this host’s agent' }),
  tokenFile: setting({
    type: path(),
    help: 'file with the token, read again on each connection; without both: that of the enrolment, or agent.token in the data folder',
  }),
  enrolTokenFile: setting({
    type: path(),
    help: 'file with the token by which this host enrols, once; its own credential is kept in the data folder then',
  }),
  ...clientCertSettings,
  caFile: caFileSetting,
  host: setting({ type: text(), default: hostname(), help: 'name of this host' }),
  data: dataSetting,
  driver: setting({ type: text(), default: 'ovs', help: 'ovs, noop, or the path of a module' }),
  ovsdb: setting({
    type: text(),
    default: 'unix:/var/run/openvswitch/db.sock',
    help: 'where ovsdb-server listens: unix:PATH, tcp:HOST:PORT or ssl:HOST:PORT',
  }),
  ovsNetns: setting({
    type: text(),
    help: 'network namespace of the switch, where it is not the agent’s',
  }),
  bridges: setting({ type: list(text()), help: 'bridges to look at, comma-separated; else all' }),
  portKey: setting({
    type: text(),
    default: 'iface-id',
    help: 'key in Interface.external_ids that holds the port’s UUID',
  }),
  egressMechanism: setting({
    type: oneOf(['auto', 'ingress_policing', 'openflow_meter']),
    default: 'auto',
    help: 'what limits EGRESS: auto, ingress_policing or openflow_meter',
  }),
  physicalPorts: setting({
    type: list(physicalPort()),
    help: 'ports that lead out of the host, comma-separated, each with what its link carries in kbit/s where the device does not know, as eth1:1000000; else those of hardware',
  }),
  metricsListen: setting({
    type: configType('off, or an address and a port like 127.0.0.1:9464', (value) =>
      value === 'off' ? 'off' : asListenAddress(value),
    ),
    default: '127.0.0.1:9464',
    help: 'where Prometheus finds metrics, or off',
  }),
  ...traceSettings,
  ...logSettings,
};

function physicalPort(): ConfigType<PhysicalPortSetting> {
  return configType('a port, or a port and its link’s rate in kbit/s as eth1:1000000', (value) => {
    const [, name, rate] =
      (typeof value === 'string' && /^([^:]+)(?::([1-9]\d{0,11}))?$/.exec(value)) || [];
    return name === undefined
      ? undefined
      : { name, kbps: rate === undefined ? null : Number(rate) };
  });
}

export type AgentConfig = ConfigOf<typeof agentSettings>;

const rules: readonly ConfigRule<typeof agentSettings>[] = [
  tokenRule,
  {
    about: ['token', 'tokenFile', 'enrolTokenFile'],
    fault: ({ token, tokenFile, enrolTokenFile }) =>
      enrolTokenFile !== undefined && (token !== undefined || tokenFile !== undefined)
        ? 'An enrolled host has a credential of its own: with --enrol-token-file, no token and no token file.'
        : undefined,
  },
  clientCertRule,
];

/** Throws a UserError with every fault that the settings have. */
export function loadAgentConfig(sources: Sources): AgentConfig {
  return loadConfig(agentSettings, sources, rules);
}
