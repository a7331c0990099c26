import {
  type ConfigOf,
  type ConfigRule,
  configPathOf,
  readConfig,
  type Settings,
  type Sources,
} from './config.ts';
import { readConfigFile } from './configFile.ts';

/** `readConfig` with the file that `--config` or SLUICE_CONFIG names. */
export function loadConfig<S extends Settings>(
  settings: S,
  sources: Sources,
  rules: readonly ConfigRule<S>[] = [],
): ConfigOf<S> {
  const path = configPathOf(sources);
  const file = path === undefined ? undefined : readConfigFile(path, Object.keys(settings));
  return readConfig(settings, { ...sources, file }, rules);
}
