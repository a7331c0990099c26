import fc from 'fast-check';
import type {
  PortLimitFieldsFragment as PortLimit,
  PortQosFieldsFragment as PortQos,
} from '../../../../../schema/generated/graphql.ts';
import { type FlowScar, flowScar } from './flowScars.ts';
import { portCount, portIdOf, portNumber } from './lab.ts';
import { type PortScar, portScar } from './portScars.ts';
import { type QosScar, qosScar } from './qosScars.ts';
import { type RecordScar, recordScar } from './recordScars.ts';

export type Scar = QosScar | PortScar | RecordScar | FlowScar;

/** How a switch came to be as it is, what is wanted of it now, and when the agent is stopped on the way. */
export interface Case {
  /** What Sluice enforced before. */
  readonly earlier: readonly PortQos[];
  readonly scars: readonly Scar[];
  readonly wanted: readonly PortQos[];
  /** After which of the writes, modulo their number. */
  readonly stopAfter: number;
}

const kbps = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(1_000, 20_000) },
  { weight: 1, arbitrary: fc.constantFrom(1, 12, 34_359_738, 34_359_739, 2_147_483_647) },
);
const limit: fc.Arbitrary<PortLimit> = fc.record({
  ruleId: fc.constant('99999999-0000-4000-8000-000000000001'),
  ruleVersion: fc.constant(1),
  maxKbps: fc.option(kbps, { freq: 4 }),
  maxBurstKbps: fc.option(fc.constantFrom(1, 13, 5_000), { freq: 1 }),
  maxKpps: fc.option(fc.constantFrom(1, 30, 4_294_967), { freq: 1 }),
  maxBurstKpps: fc.option(fc.constantFrom(1, 30), { freq: 1 }),
  minKbps: sometimes(fc.constant(500)),
  dscpMark: fc.option(fc.constantFrom(0, 10, 46), { freq: 1 }),
});
const qos: fc.Arbitrary<PortQos> = fc.record({
  portId: portNumber.map(portIdOf),
  egress: fc.option(limit, { freq: 3 }),
  ingress: fc.option(limit, { freq: 3 }),
});
const state = fc.uniqueArray(qos, { selector: ({ portId }) => portId, maxLength: portCount });

/** Most of what is wanted is what was there before: that is when Sluice must not do too much. */
const states = fc.tuple(state, state, fc.boolean()).map(([earlier, wanted, isKept]) => ({
  earlier,
  wanted: isKept ? earlier : wanted,
}));

export const anyCase: fc.Arbitrary<Case> = fc
  .record({
    states,
    scars: fc.array(fc.oneof(qosScar, portScar, recordScar, flowScar), { maxLength: 6 }),
    stopAfter: fc.nat(1_000),
  })
  .map(({ states: { earlier, wanted }, scars, stopAfter }) => ({
    earlier,
    scars,
    wanted,
    stopAfter,
  }));

/** `fc.option` gives null once in `freq + 1`; this gives it seven times of eight. */
function sometimes<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: 7, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}
