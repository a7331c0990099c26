import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../scripts/lab/command.ts';
import { eventually } from '../support/eventually.ts';
import { type BuiltPackages, buildAll, versions } from './built.ts';
import { bootMachine, type Machine } from './machine.ts';
import { installPage, operatorsPages, typeBlock } from './pages.ts';

/** One machine's life, told in order: each test goes on where the one before it ended. */
let packages: BuiltPackages;
let machine: Machine;
const portId = '6f0f8f5e-3c1e-4a6e-9d5a-3f5a8a0c1b11';

beforeAll(async () => {
  packages = await buildAll('deb');
  machine = await bootMachine(packages.folder);
});
afterAll(async () => {
  await machine?.[Symbol.asyncDispose]();
  await packages?.[Symbol.asyncDispose]();
});

const sh = (command: string) => machine.sh(command);
const deb = (name: string, version: string) =>
  `/packages/${name}_${version}_$(dpkg --print-architecture).deb`;
const mainPid = (unit: string) => sh(`systemctl show --property MainPID --value ${unit}`);
const dumpMeters = 'ovs-ofctl -O OpenFlow13 dump-meters br0';
const operator = 'SLUICE_TOKEN_FILE=/root/admin.token sluice';

const ready = () =>
  eventually(() => sh('curl -sSf http://127.0.0.1:4000/readyz'), { timeoutMs: 20_000 });

test('the same source makes the same bytes', async () => {
  await using again = await buildAll('deb', [versions.old]);
  const digests = (folder: string) =>
    run('sh', ['-c', 'cd "$1" && sha256sum *_"$2"_*.deb', 'sh', folder, versions.old]);
  expect(await digests(again.folder)).toBe(await digests(packages.folder));
});

test('both install with what Debian has, start nothing by themselves, and say how to go on', async () => {
  const said = await sh(
    `dpkg -i ${deb('sluice-server', versions.old)} ${deb('sluice-agent', versions.old)}`,
  );
  expect(said).toContain('systemctl enable --now sluice-server');
  expect(said).toContain('systemctl enable --now sluice-agent');
  expect(await sh('systemctl is-active sluice-server sluice-agent || true')).toBe(
    'inactive\ninactive\n',
  );
  const modes = await sh("stat --format='%a %U %G %n' /etc/sluice/*.yaml");
  expect(modes).toBe(
    '640 root sluice-agent /etc/sluice/agent.yaml\n640 root sluice /etc/sluice/server.yaml\n',
  );
  expect(await sh('dpkg --verify sluice-server sluice-agent')).toBe('');
  expect(await sh('for each in sluice sluice-agent sluice-server; do $each --version; done')).toBe(
    `${versions.old}\n`.repeat(3),
  );
  expect(await sh('sluice-agent check-config')).toContain('data: "/var/lib/sluice-agent"');
  expect(await sh('runuser -u sluice -- sluice-server check-config')).toContain('migrate: false');
  expect(await sh('man -w sluice sluice-agent sluice-server && man sluice-agent | cat')).toContain(
    'purge',
  );
});

test('systemd takes the units as they are, and finds them little exposed', async () => {
  expect(await sh('systemd-analyze verify /usr/lib/systemd/system/sluice-*')).toBe('');
  for (const unit of ['sluice-server', 'sluice-agent']) {
    const said = await sh(`systemd-analyze security --no-pager ${unit}.service`);
    const exposure = /Overall exposure level for .*: ([\d.]+)/.exec(said)?.[1];
    expect(Number(exposure)).toBeLessThanOrEqual(1.5);
  }
});

test('the server changes no database unasked, and serves when it was told to', async () => {
  // Debian's package makes a cluster of its own only where it likes the locale.
  await sh(
    'pg_createcluster --locale C.UTF-8 --start $(ls /usr/lib/postgresql) main || pg_lsclusters',
  );
  await sh(
    'runuser -u postgres -- createuser sluice && runuser -u postgres -- createdb -O sluice sluice',
  );
  await sh(
    "sed -i 's|^#databaseUrl:.*|databaseUrl: postgres://sluice@%2Frun%2Fpostgresql/sluice|' /etc/sluice/server.yaml",
  );
  await sh('systemctl start sluice-server');
  await eventually(
    async () => {
      expect(await sh('journalctl --no-pager -u sluice-server')).toContain(
        'The database lacks the migrations',
      );
    },
    { timeoutMs: 20_000 },
  );

  expect(await sh('runuser -u sluice -- sluice-server migrate up')).toContain('Ran Migration');
  await sh('systemctl enable --now sluice-server 2>&1');
  await ready();
});

test('a rule made by the command line is APPLIED by an agent without privileges on Debian’s Open vSwitch', async () => {
  await sh(
    'runuser -u sluice -- sluice-server token create --role admin 2>/dev/null >/root/admin.token',
  );
  await sh(
    'runuser -u sluice -- sluice-server token create --role agent --host host-1 2>/dev/null >/etc/sluice/agent.token',
  );
  await sh('chgrp sluice-agent /etc/sluice/agent.token; chmod 640 /etc/sluice/agent.token');
  await sh("sed -i 's|^#host:.*|host: host-1|' /etc/sluice/agent.yaml");
  await sh('ovs-vsctl add-br br0 -- set bridge br0 datapath_type=netdev');
  await sh(
    `ip link add tap1 type veth peer name guest1 && ip link set tap1 up && ovs-vsctl add-port br0 tap1 -- set Interface tap1 external_ids:iface-id=${portId}`,
  );
  await sh('systemctl enable --now sluice-agent 2>&1');

  const create = `${operator} rule create --port-id ${portId} --tenant-id acme`;
  await sh(`${create} --direction EGRESS --max-kbps 10000 --wait=30`);
  await sh(`${create} --direction INGRESS --max-kbps 20000 --wait=30`);
  expect(await sh(dumpMeters)).toContain('rate=10000');
  expect(await sh('tc class show dev tap1')).toContain('ceil 20Mbit');
  const status = await sh('runuser -u sluice-agent -- sluice-agent status');
  expect(status.match(/APPLIED/g)).toHaveLength(2);
});

test('both work inside the sandbox: no capability, no new one, filtered calls, a read-only system', async () => {
  for (const [unit, user] of [
    ['sluice-server', 'sluice'],
    ['sluice-agent', 'sluice-agent'],
  ] as const) {
    const pid = (await mainPid(unit)).trim();
    expect(await sh(`stat --format=%U /proc/${pid}`)).toBe(`${user}\n`);
    const status = await sh(`cat /proc/${pid}/status`);
    expect(status).toMatch(/^CapBnd:\s+0+$/m);
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    expect(status).toMatch(/^Seccomp:\s+2$/m);
    expect(
      await sh(`grep -E ' /usr ' /proc/${pid}/mounts || grep -E ' / ' /proc/${pid}/mounts`),
    ).toMatch(/ ro,/);
    expect(await sh(`ls -A /proc/${pid}/root/home /proc/${pid}/root/root 2>&1`)).not.toContain(
      'admin.token',
    );
  }
});

/** Says of each thing that nobody needs who limits traffic whether it can be done. */
const probe = `
could() { "$@" >/dev/null 2>&1 && echo "COULD $*"; }
for folder in /usr /etc /var /run /boot; do could touch $folder/probe; done
could ls /root
could unshare --user true
could mount -t tmpfs none /mnt
could dmesg
could chrt --rr 1 true
could hostname probe
touch $STATE_DIRECTORY/probe
could chmod u+s $STATE_DIRECTORY/probe
rm $STATE_DIRECTORY/probe
echo PROBED
`;

test('from inside the sandbox of each nothing can be done that its service has no need of', async () => {
  await sh(`cat >/run/probe.sh <<'END'\n${probe}END`);
  const unbound = await sh('STATE_DIRECTORY=/tmp sh /run/probe.sh; umount /mnt; rm -f /*/probe');
  for (const each of ['touch /usr', 'touch /etc', 'ls /root', 'unshare', 'mount', 'chmod u+s']) {
    expect(unbound, 'the probe itself works').toContain(`COULD ${each}`);
  }
  for (const unit of ['sluice-server', 'sluice-agent']) {
    const dropIn = `/run/systemd/system/${unit}.service.d`;
    await sh(
      `mkdir -p ${dropIn} && printf '[Service]\nExecStartPost=sh /run/probe.sh\n' >${dropIn}/probe.conf && systemctl daemon-reload && systemctl restart ${unit}`,
    );
    const said = await sh(`journalctl --no-pager -o cat -t sh -u ${unit}`);
    expect(said.trim(), unit).toBe('PROBED');
    await sh(`rm -r ${dropIn} && systemctl daemon-reload`);
  }
  await ready();
  expect(await sh(dumpMeters)).toContain('rate=10000');
});

test('an agent’s upgrade restarts it, keeps the operator’s settings, and no limit is away for a moment', async () => {
  const before = await mainPid('sluice-agent');
  // Each look at the switch says what it did not find.
  await sh(
    `systemd-run --quiet --unit watch sh -c 'while :; do ${dumpMeters} | grep -q rate=10000 || echo NO METER; tc class show dev tap1 | grep -q ceil.20Mbit || echo NO QUEUE; echo LOOKED; done'`,
  );
  await sh(`dpkg -i ${deb('sluice-agent', versions.new)}`);
  await eventually(
    async () => {
      expect(await sh(`${operator} agent list -f json`)).toMatch(
        new RegExp(`"version": *"${versions.new}"`),
      );
    },
    { timeoutMs: 30_000 },
  );
  await sh(
    `${operator} rule create --port-id ${portId.replace(/^6/, '7')} --tenant-id acme --max-kbps 5000`,
  );
  await sh('systemctl stop watch');
  const looked = await sh('journalctl --no-pager -o cat -u watch');
  expect(looked.match(/LOOKED/g)?.length).toBeGreaterThan(20);
  expect(looked).not.toMatch(/^NO /m);

  expect(await mainPid('sluice-agent')).not.toBe(before);
  expect(await sh('cat /etc/sluice/agent.yaml')).toContain('\nhost: host-1\n');
  expect(await sh(dumpMeters)).toContain('rate=10000');
});

test('a server whose new version wants the database changed goes on in the old one until it is told', async () => {
  await sh('runuser -u sluice -- sluice-server migrate down');
  const before = await mainPid('sluice-server');
  const said = await sh(`dpkg -i ${deb('sluice-server', versions.new)}`);
  expect(said).toMatch(/goes on in its old version[\s\S]*Pending: Migration\d+[\s\S]*migrate up/);
  expect(await mainPid('sluice-server')).toBe(before);
  expect(await sh('cat /etc/sluice/server.yaml')).toContain('\ndatabaseUrl: postgres://sluice@');

  await sh('runuser -u sluice -- sluice-server migrate up && systemctl restart sluice-server');
  await ready();
  // With nothing to change in the database it restarts by itself.
  const restarted = await mainPid('sluice-server');
  await sh(`dpkg -i ${deb('sluice-server', versions.new)}`);
  expect(await mainPid('sluice-server')).not.toBe(restarted);
  await ready();
});

test('an agent that is removed leaves its limits, and says how to lift them', async () => {
  const said = await sh('dpkg -r sluice-agent 2>&1');
  expect(said).toMatch(/Limits .* stay[\s\S]*sluice-agent purge/);
  expect(
    await sh('ls /etc/sluice/agent.yaml /etc/sluice/agent.token /var/lib/sluice-agent'),
  ).toContain('agent.token');
  expect(await sh(dumpMeters)).toContain('rate=10000');
  expect(await sh('tc class show dev tap1')).toContain('ceil 20Mbit');
});

test('installed again, it lifts them where it is told to; purged, both leave nothing but their users', async () => {
  await sh(`dpkg -i ${deb('sluice-agent', versions.new)}`);
  await sh('runuser -u sluice-agent -- sluice-agent purge --yes');
  expect(await sh(dumpMeters)).not.toContain('rate=');
  await sh('dpkg -P sluice-agent sluice-server 2>&1');
  const left = await sh(
    "find / -xdev -path /packages -prune -o -name '*sluice*' ! -path '/tmp/*' ! -path '/var/cache/man/*' -print",
  );
  expect(left).toBe('');
  expect(await sh('ls -d /etc/sluice 2>&1 || true')).toContain('No such file');
  expect(await sh('systemctl --no-pager --failed --plain --no-legend')).toBe('');
});

test('docs/install.md works as it is typed, from the top to the bottom, and so does what the runbooks look at', async () => {
  await sh('runuser -u postgres -- dropdb sluice && runuser -u postgres -- dropuser sluice');
  const host = (await sh('hostname')).trim();
  const names = [
    ['apt install', 'apt-get install --yes --no-install-recommends'],
    ['./sluice-server_VERSION_amd64.deb', deb('sluice-server', versions.new)],
    ['./sluice-agent_VERSION_amd64.deb', deb('sluice-agent', versions.new)],
    ['https://sluice.example.org/graphql', 'http://127.0.0.1:4000/graphql'],
    ['token-of-this-host', '/root/token-of-this-host'],
    [/^psql/g, 'runuser -u postgres -- psql'],
    [/^sluice /g, `${operator} `],
    [/\bHOST\b/g, host],
    [/\bSERVER\b/g, '127.0.0.1'],
  ] as const;
  const [server = '', agent = '', removal = ''] = await installPage();

  const token = /^ey\S+$/m.exec(await typeBlock(machine, server, names))?.[0];
  await sh(`umask 077; printf %s '${token}' >/root/admin.token`);
  await sh(
    `runuser -u sluice -- sluice-server token create --role agent --host ${host} 2>/dev/null >/root/token-of-this-host`,
  );
  expect(await typeBlock(machine, agent, names)).toMatch(/^Agent +running, pid \d+$/m);
  const create = `${operator} rule create --port-id ${portId} --tenant-id acme --max-kbps 10000`;
  const rule = (await sh(`${create} --wait=30 -f value -c id`)).trim();

  for (const block of await operatorsPages()) {
    await typeBlock(machine, block, [...names, [/\bRULE\b/g, rule]]);
  }
  expect(await sh(dumpMeters)).toContain('rate=10000');
  await typeBlock(machine, removal, [...names, ['purge', 'purge --yes']]);
  expect(await sh(dumpMeters)).not.toContain('rate=');
}, 120_000);
