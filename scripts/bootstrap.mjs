/**
 * `npm start`, `npm test`, `npm run test:kernel`, `npm run test:histories`, `npm run test:fuzz`, `npm run demo` and `npm run bench`:
 * brings what is missing, then runs the program on Node 24. Plain JavaScript with nothing but Node's own
 * modules: it runs before any package is there, on Node 20.
 */
import { fileURLToPath } from 'node:url';
import { findNode, installPackages } from './setup/packages.mjs';
import { runInPlace } from './setup/program.mjs';
import { Failure, say } from './setup/say.mjs';
import { installCommands } from './setup/system.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

const programs = {
  start: {
    commands: ['ovs-vswitchd', 'ip'],
    without: 'The server starts without an agent: nothing is limited on this machine.',
    args: ['scripts/start.ts'],
  },
  test: {
    commands: [
      ...['ovs-vswitchd', 'ip', 'iperf3', 'nats-server', 'systemd-analyze', 'zsh', 'fish'],
      '/usr/lib/python3/dist-packages/websockets/__init__.py',
    ],
    without:
      'EVERY TEST THAT NEEDS A REAL SWITCH, REAL TRAFFIC, NATS, SYSTEMD’S TOOLS, A SHELL OR PYTHON’S WEBSOCKETS WILL FAIL.',
    args: ['node_modules/vitest/vitest.mjs', 'run'],
  },
  'test:kernel': {
    commands: ['ovs-vswitchd', 'ip', 'iperf3', 'qemu-system-x86_64', 'busybox', 'cpio', 'depmod'],
    without: 'THE TESTS ON THE KERNEL DATAPATH WILL FAIL.',
    args: ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.guest.config.ts'],
  },
  'test:packages': {
    commands: ['systemd-nspawn', 'debootstrap', 'rpmbuild', 'docker-compose'],
    without: 'THE TESTS OF THE PACKAGES WILL FAIL.',
    args: ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.packages.config.ts'],
  },
  'test:histories': {
    commands: [],
    without: '',
    args: ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.histories.config.ts'],
  },
  'test:fuzz': {
    commands: ['ovs-vswitchd', 'ip'],
    without: 'NOTHING CAN BE RECORDED TO FUZZ WITH.',
    args: ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.fuzz.config.ts'],
  },
  demo: {
    commands: ['ovs-vswitchd', 'ip', 'iperf3'],
    without: 'The demo will fail.',
    args: ['scripts/demo.ts'],
  },
  bench: {
    commands: ['ovs-vswitchd', 'ip'],
    without: 'What is measured on a real switch cannot be.',
    args: ['bench/run.ts'],
  },
  'bench burst': {
    commands: ['ovs-vswitchd', 'ip', 'iperf3', 'qemu-system-x86_64', 'busybox', 'cpio', 'depmod'],
    without: 'Bursts cannot be measured.',
    args: ['bench/run.ts'],
  },
};

async function main([name, ...args]) {
  const program = programs[`${name} ${args[0]}`] ?? programs[name];
  if (!program) throw new Failure(`Name one of ${Object.keys(programs).join(', ')}.`);
  installPackages(root);
  installCommands(program.commands, program);
  return runInPlace(findNode(root), [...program.args, ...args], { cwd: root });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  say(error.message);
  process.exitCode = 1;
}
