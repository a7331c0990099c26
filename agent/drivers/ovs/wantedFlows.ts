import type { Flow } from '../../openflow/flows.ts';
import type { Meter } from '../../openflow/meters.ts';
import type { MeterRecord } from './ids.ts';
import type { EgressWish } from './planPort.ts';

/** A port that takes flows on its bridge. */
export interface FlowWish extends EgressWish {
  /** The queue that its packets take on physical ports. */
  readonly queueId: number | null;
}

export interface WantedMeter {
  readonly record: MeterRecord;
  readonly meter: Meter;
}

export interface WantedFlow {
  readonly key: string;
  readonly flow: Flow;
}

/** A wish with everything that it takes on the switch. */
export interface WantedFlows {
  readonly wish: FlowWish;
  readonly meters: readonly WantedMeter[];
  readonly flows: readonly WantedFlow[];
}
