/** Writes docs/reference/settings.md from the settings' declarations; with --check only says whether it is up to date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { agentSettings } from '../agent/config.ts';
import { cliSettings } from '../cli/config.ts';
import { envNameOf, flagOf, type Settings } from '../lib/config.ts';
import { serverSettings } from '../src/config.ts';
import { machineDefaults } from './machineDefaults.ts';

const programs: Readonly<Record<string, Settings>> = {
  'sluice-server': serverSettings,
  'sluice-agent': agentSettings,
  sluice: cliSettings,
};

const file = new URL('../docs/reference/settings.md', import.meta.url);
const printed = `# Settings

Printed from the programs' declarations by \`npm run settings\`. Each has three forms: a flag, an environment variable, a key in the YAML file that \`--config\` (\`SLUICE_CONFIG\`) names. A flag counts before the environment, that before the file, that before the default. \`check-config\` prints what holds; every fault is named at once, with exit code 2. A key that no setting has is a fault.
${Object.entries(programs)
  .map(([name, settings]) => `\n## ${name}\n${tableOf(settings)}`)
  .join('')}`;

if (!process.argv.includes('--check')) {
  writeFileSync(file, printed);
} else if (readFileSync(file, 'utf8') !== printed) {
  console.error('docs/reference/settings.md is stale: run npm run settings and commit the result.');
  process.exitCode = 1;
}

function tableOf(settings: Settings): string {
  const rows = Object.entries(settings).map(([key, { help, default: fallback, secret }]) => {
    const names = `\`${key}\` · \`${envNameOf(key)}\` · \`${flagOf(key)}\``;
    const value = machineDefaults[key] ?? (fallback === undefined ? '' : `\`${fallback}\``);
    const meaning = `${help}${secret ? ' (never printed)' : ''}`.replaceAll('|', '\\|');
    return `| ${names} | ${value} | ${meaning} |\n`;
  });
  return `| key · environment · flag | default | |\n|---|---|---|\n${rows.join('')}`;
}
