import type { Logger } from '../lib/log.ts';
import type { AgentConfig } from './config.ts';
import type { Driver } from './drivers/driver.ts';
import { loadDriver } from './drivers/load.ts';

/** The driver as the settings have it. */
export function openDriver(config: AgentConfig, log: Logger): Promise<Driver> {
  const { ovsdb, ovsNetns = null, bridges = null, portKey, egressMechanism } = config;
  return loadDriver(config.driver, { ovsdb, ovsNetns, bridges, portKey, egressMechanism, log });
}
