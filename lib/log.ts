import { destination, type Logger, pino } from 'pino';
import { build as prettyStream } from 'pino-pretty';
import type { LogFormat, LogLevel } from './logLevels.ts';
import { traceFields } from './tracing.ts';

export type { Logger };

/**
 * A program's logger, on standard error: standard output belongs to what a command prints. Lines about work
 * that belongs to a trace have its id, the same in every program that the work passes through.
 */
export function createLog(name: string, level: LogLevel, format: LogFormat): Logger {
  const options = { name, level, base: { name, pid: process.pid }, mixin: traceFields };
  const stream =
    format === 'pretty'
      ? prettyStream({ destination: 2, sync: true, ignore: 'pid,hostname' })
      : destination({ dest: 2, sync: true });
  return pino(options, stream);
}
