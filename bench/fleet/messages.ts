/** What the benchmark and its swarm say to each other. Times are of the machine's own clock: process.hrtime, in milliseconds. */

/** What one swarm is. The agent of host `n` knows its token, and a server to begin with. */
export interface SwarmOptions {
  readonly servers: readonly string[];
  readonly secretFile: string;
  readonly hosts: readonly string[];
}

/** `mark`: counts anew which hosts were sent a step. `stop`: ends all agents. */
export type ToSwarm = { readonly type: 'mark' } | { readonly type: 'stop' };

export interface SwarmState {
  readonly type: 'state';
  /** Agents with a session now. */
  readonly connected: number;
  /** Agents that know their host's whole state in the session that they have. */
  readonly holding: number;
  /** Hosts with a step since the last mark, and when the last of them had its first. */
  readonly stepped: number;
  readonly steppedAtMs: number;
}

export const machineMs = (): number => Number(process.hrtime.bigint()) / 1e6;
