import { expect, it } from 'vitest';
import { loadAgentConfig } from '../../agent/config.ts';

const load = (SLUICE_PHYSICAL_PORTS: string) =>
  loadAgentConfig({ flags: {}, env: { SLUICE_PHYSICAL_PORTS } }).physicalPorts;

it('physical ports are named with what their links carry, where that is given', () => {
  expect(load('eth1, bond0:2000000')).toEqual([
    { name: 'eth1', kbps: null },
    { name: 'bond0', kbps: 2_000_000 },
  ]);
});

it.each(['eth1:', 'eth1:0', 'eth1:fast', ':5', 'eth1:1:2'])(
  '%s names no physical port',
  (value) => {
    expect(() => load(value)).toThrow(
      /a port, or a port and its link’s rate in kbit\/s as eth1:1000000/,
    );
  },
);
