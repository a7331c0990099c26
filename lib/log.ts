import { destination, type Logger, pino } from 'pino';
import { build as prettyStream } from 'pino-pretty';
import type { LogFormat, LogLevel } from './logLevels.ts';

export type { Logger };

/** A program's logger, on standard error: standard output belongs to what a command prints. */
export function createLog(name: string, level: LogLevel, format: LogFormat): Logger {
  const options = { name, level, base: { name, pid: process.pid } };
  const stream =
    format === 'pretty'
      ? prettyStream({ destination: 2, sync: true, ignore: 'pid,hostname' })
      : destination({ dest: 2, sync: true });
  return pino(options, stream);
}
