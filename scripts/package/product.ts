import { agentSettings } from '../../agent/config.ts';
import { serverSettings } from '../../src/config.ts';
import type { SettingsFileOptions } from './settingsFile.ts';

/** What one package is made of. */
export interface Product {
  readonly set: 'agent' | 'server';
  readonly name: 'sluice-agent' | 'sluice-server';
  readonly summary: string;
  readonly description: string;
  /** Its programs, the section of each one's manual page, and whether it reads the package's settings file. */
  readonly programs: readonly Program[];
  readonly settingsFile: string;
  readonly settings: SettingsFileOptions;
  /** Files of packaging/, and where they go. */
  readonly files: readonly (readonly [from: string, to: string, mode?: number])[];
  readonly docs: readonly string[];
  readonly depends: { readonly deb: readonly string[]; readonly rpm: readonly string[] };
  readonly suggests: { readonly deb: string; readonly rpm: string };
}

interface Program {
  readonly name: string;
  readonly section: 1 | 8;
  readonly hasSettingsFile: boolean;
}

const units = '/usr/lib/systemd/system';

export const products: readonly Product[] = [
  {
    set: 'agent',
    name: 'sluice-agent',
    summary: 'bandwidth limits for the ports of this Open vSwitch host',
    description:
      'The agent of a host: makes its switch as the Sluice server says, and says how far it got. With sluice, the command line for operators.',
    programs: [
      { name: 'sluice-agent', section: 8, hasSettingsFile: true },
      { name: 'sluice', section: 1, hasSettingsFile: false },
    ],
    settingsFile: '/etc/sluice/agent.yaml',
    settings: {
      program: 'sluice-agent',
      settings: agentSettings,
      set: { tokenFile: '/etc/sluice/agent.token', data: '/var/lib/sluice-agent' },
    },
    files: [
      ['systemd/sluice-agent.service', `${units}/sluice-agent.service`],
      ['systemd/sluice-openvswitch-access.service', `${units}/sluice-openvswitch-access.service`],
      ['systemd/sluice-openvswitch-access.path', `${units}/sluice-openvswitch-access.path`],
      ['systemd/ovs-vswitchd.service.d/sluice.conf', `${units}/ovs-vswitchd.service.d/sluice.conf`],
      ['systemd/ovsdb-server.service.d/sluice.conf', `${units}/ovsdb-server.service.d/sluice.conf`],
      ['systemd/sluice-agent.sysusers', '/usr/lib/sysusers.d/sluice-agent.conf'],
      ['systemd/sluice-agent.tmpfiles', '/usr/lib/tmpfiles.d/sluice-agent.conf'],
      ['openvswitch/grant-access', '/usr/lib/sluice-agent/grant-access', 0o755],
    ],
    docs: ['agent.md', 'install.md', 'hardening.md'],
    depends: {
      deb: ['libc6 (>= 2.28)', 'libstdc++6', 'iproute2', 'systemd'],
      rpm: ['glibc >= 2.28', 'libstdc++', 'iproute-tc', 'systemd'],
    },
    suggests: { deb: 'openvswitch-switch', rpm: 'openvswitch' },
  },
  {
    set: 'server',
    name: 'sluice-server',
    summary: 'bandwidth limits for fleets of Open vSwitch hosts, over GraphQL',
    description:
      'Holds what the ports of a fleet may send and receive in PostgreSQL, and tells the hosts’ agents.',
    programs: [{ name: 'sluice-server', section: 8, hasSettingsFile: true }],
    settingsFile: '/etc/sluice/server.yaml',
    settings: {
      program: 'sluice-server',
      settings: serverSettings,
      set: { migrate: false, data: '/var/lib/sluice' },
    },
    files: [
      ['systemd/sluice-server.service', `${units}/sluice-server.service`],
      ['systemd/sluice-server.sysusers', '/usr/lib/sysusers.d/sluice-server.conf'],
      ['systemd/sluice-server.tmpfiles', '/usr/lib/tmpfiles.d/sluice-server.conf'],
    ],
    docs: ['install.md', 'how-to/upgrade.md', 'how-to/backup.md'],
    depends: {
      deb: ['libc6 (>= 2.28)', 'libstdc++6', 'systemd'],
      rpm: ['glibc >= 2.28', 'libstdc++', 'systemd'],
    },
    suggests: { deb: 'postgresql', rpm: 'postgresql-server' },
  },
];
