import type { Logger } from '../../lib/log.ts';
import type { AgentConfig } from '../config.ts';

export const formats = ['text', 'json'] as const;
export type Format = (typeof formats)[number];

/** What every command is given. */
export interface CommandContext {
  readonly config: AgentConfig;
  readonly log: Logger;
  readonly format: Format;
}

/** What it prints on standard output, and its exit code. */
export interface Outcome {
  readonly output: string;
  readonly exitCode: number;
}
