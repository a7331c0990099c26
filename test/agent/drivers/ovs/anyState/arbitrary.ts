import fc from 'fast-check';
import type {
  PortLimitFieldsFragment as PortLimit,
  PortQosFieldsFragment as PortQos,
} from '../../../../../schema/generated/graphql.ts';
import type { Datapath, EgressMechanism } from './datapaths.ts';
import { type FlowScar, flowScar } from './flowScars.ts';
import { type KernelScar, kernelScar } from './kernelScars.ts';
import { portCount, portIdOf, portNumber } from './lab.ts';
import { type PortScar, portScar } from './portScars.ts';
import { type QosScar, qosScar } from './qosScars.ts';
import { type RecordScar, recordScar } from './recordScars.ts';

export type Scar = QosScar | PortScar | RecordScar | FlowScar | KernelScar;

/** How a switch came to be as it is, what is wanted of it now, and when the agent is stopped on the way. */
export interface Case {
  /** What Sluice enforced before. */
  readonly earlier: readonly PortQos[];
  readonly scars: readonly Scar[];
  readonly wanted: readonly PortQos[];
  /** What the agents are told, then and now. */
  readonly mechanisms: { readonly earlier: EgressMechanism; readonly wanted: EgressMechanism };
  /** After which of the writes, modulo their number. */
  readonly stopAfter: number;
}

const kbps = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(1_000, 20_000) },
  { weight: 1, arbitrary: fc.constantFrom(1, 12, 34_359_738, 34_359_739, 2_147_483_647) },
);
/** Without a way out a guarantee is a sentence only. */
const minKbps = ({ uplinks }: Datapath) =>
  uplinks.length > 0
    ? fc.option(fc.constantFrom(1, 500, 4_000, 50_000), { freq: 2 })
    : sometimes(fc.constant(500));
const limitOn = (datapath: Datapath): fc.Arbitrary<PortLimit> =>
  fc.record({
    ruleId: fc.constant('99999999-0000-4000-8000-000000000001'),
    ruleVersion: fc.constant(1),
    maxKbps: fc.option(kbps, { freq: 4 }),
    maxBurstKbps: fc.option(fc.constantFrom(1, 13, 5_000), { freq: 2 }),
    maxKpps: fc.option(fc.constantFrom(1, 30, 4_294_967), { freq: 2 }),
    maxBurstKpps: fc.option(fc.constantFrom(1, 30), { freq: 2 }),
    minKbps: minKbps(datapath),
    dscpMark: fc.option(fc.constantFrom(0, 10, 46), { freq: 2 }),
  });

/** Most of what is wanted is what was there before: that is when Sluice must not do too much. */
function statesOn(datapath: Datapath) {
  const limit = limitOn(datapath);
  const qos: fc.Arbitrary<PortQos> = fc.record({
    portId: portNumber.map(portIdOf),
    egress: fc.option(limit, { freq: 3 }),
    ingress: fc.option(limit, { freq: 3 }),
  });
  const state = fc.uniqueArray(qos, { selector: ({ portId }) => portId, maxLength: portCount });
  return fc.tuple(state, state, fc.boolean()).map(([earlier, wanted, isKept]) => ({
    earlier,
    wanted: isKept ? earlier : wanted,
  }));
}

export function anyCase(datapath: Datapath): fc.Arbitrary<Case> {
  const mechanism = fc.constantFrom(...datapath.egressMechanisms);
  const scar = fc.oneof(
    qosScar(datapath),
    portScar(datapath),
    recordScar,
    flowScar,
    ...(datapath.type === 'system' ? [kernelScar(datapath)] : []),
  );
  const arbitrary = fc.record({
    states: statesOn(datapath),
    scars: fc.array(scar, { maxLength: 6 }),
    mechanisms: fc.record({ earlier: mechanism, wanted: mechanism }),
    stopAfter: fc.nat(1_000),
  });
  // A bias is for small cases, and of few cases all would be small.
  return fc.noBias(arbitrary.map(({ states, ...rest }) => ({ ...states, ...rest })));
}

/** `fc.option` gives null once in `freq`, and with 1 always; this gives it seven times of eight. */
function sometimes<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: 7, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}
