import type { Logger } from '../lib/log.ts';
import type { AgentConfig } from './config.ts';
import type { Driver, DriverOptions } from './drivers/driver.ts';
import { loadDriver } from './drivers/load.ts';

/** The driver as the settings have it, for `use`. */
export function openDriver(
  config: AgentConfig,
  log: Logger,
  use: Pick<DriverOptions, 'changes' | 'patienceMs'>,
): Promise<Driver> {
  const { ovsdb, ovsNetns = null, bridges = null, portKey, egressMechanism } = config;
  const { physicalPorts = null } = config;
  const settings = { ovsdb, ovsNetns, bridges, portKey, egressMechanism, physicalPorts };
  return loadDriver(config.driver, { ...settings, ...use, log });
}
