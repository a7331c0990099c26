import { decodeFlowStats, type FlowStats, sameFlowStats } from './flows.ts';
import type { Message } from './message.ts';
import { decodeMeterConfigs, type Meter } from './meters.ts';

/** All meters and the flows of some cookies, as the switch sent them: two are compared without being decoded. */
export class Snapshot {
  readonly #meters: readonly Message[];
  readonly #flows: readonly Message[];

  constructor(meters: readonly Message[], flows: readonly Message[]) {
    this.#meters = meters;
    this.#flows = flows;
  }

  get meters(): Meter[] {
    return decodeMeterConfigs(this.#meters);
  }

  get flows(): FlowStats[] {
    return decodeFlowStats(this.#flows);
  }

  /** The same in all that does not count or age; false also where only the order differs. */
  isLike(other: Snapshot): boolean {
    return (
      areAlike(this.#meters, other.#meters, (a, b) => a.equals(b)) &&
      areAlike(this.#flows, other.#flows, sameFlowStats)
    );
  }
}

function areAlike(
  a: readonly Message[],
  b: readonly Message[],
  alike: (a: Buffer, b: Buffer) => boolean,
): boolean {
  if (a.length !== b.length) return false;
  return a.every(({ body }, index) => {
    const other = b[index];
    return other !== undefined && alike(body, other.body);
  });
}
