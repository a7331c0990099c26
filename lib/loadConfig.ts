import {
  type ConfigOf,
  type ConfigRule,
  readConfig,
  type Settings,
  type Sources,
} from './config.ts';
import { parseConfigFile, readConfigFile } from './configFile.ts';

/** `readConfig` with the file that `--config` or SLUICE_CONFIG names. */
export function loadConfig<S extends Settings>(
  settings: S,
  sources: Sources,
  rules: readonly ConfigRule<S>[] = [],
): ConfigOf<S> {
  const path = sources.flags.config ?? sources.env.SLUICE_CONFIG;
  const file =
    typeof path === 'string' && path !== ''
      ? parseConfigFile(readConfigFile(path), Object.keys(settings))
      : undefined;
  return readConfig(settings, { ...sources, file }, rules);
}
