import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { agentSettings, loadAgentConfig } from '../../../agent/config.ts';
import { parseConfigFile } from '../../../lib/configFile.ts';
import { products } from '../../../scripts/package/product.ts';
import { settingsFile } from '../../../scripts/package/settingsFile.ts';
import { loadServerConfig } from '../../../src/config.ts';

test.each(products.map((product) => [product.name, product] as const))(
  'the settings file of %s has every setting, and is right as it is and with every line uncommented',
  (_name, { settings: options }) => {
    const text = settingsFile(options);
    const keys = Object.keys(options.settings);
    expect(parse(text)).toEqual(options.set);

    const uncommented = text.replace(/^#(?=\w+:(?: |$))/gm, '');
    const { values, faults } = parseConfigFile({ path: 'file', text: uncommented }, keys);
    expect(faults).toEqual([]);
    expect([...values.keys()]).toEqual(keys);
  },
);

test('it names no default of the machine that made it', () => {
  const text = settingsFile({ program: 'sluice-agent', settings: agentSettings, set: {} });
  expect(text).toMatch(/^# name of this host \(default: the machine's host name\)\n#host:$/m);
});

test('what packages set is what the programs take', () => {
  const [agent, server] = ['sluice-agent', 'sluice-server'].map((name) => {
    const set = products.find((product) => product.name === name)?.settings.set ?? {};
    return Object.fromEntries(Object.entries(set).map(([key, value]) => [key, String(value)]));
  });
  expect(loadAgentConfig({ flags: agent ?? {}, env: {} }).data).toBe('/var/lib/sluice-agent');
  const config = loadServerConfig({ flags: server ?? {}, env: {} });
  expect(config).toMatchObject({ data: '/var/lib/sluice', migrate: false });
});
