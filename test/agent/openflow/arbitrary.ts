import fc from 'fast-check';
import type { Action } from '../../../agent/openflow/actions.ts';
import type { Flow } from '../../../agent/openflow/flows.ts';
import type { Match } from '../../../agent/openflow/match.ts';
import type { Meter } from '../../../agent/openflow/meters.ts';

const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const register = fc.nat(15);
const dscp = fc.nat(63);

const registers = fc
  .uniqueArray(
    fc.record({ register, value: uint32, mask: fc.integer({ min: 1, max: 0xffff_ffff }) }),
    {
      selector: (each) => each.register,
      minLength: 1,
    },
  )
  .map((list) => list.map((each) => ({ ...each, value: (each.value & each.mask) >>> 0 })))
  .map((list) => list.toSorted((a, b) => a.register - b.register));

/** Matches that Open vSwitch takes: a DSCP only of IP packets. */
export const matches: fc.Arbitrary<Match> = fc
  .record(
    {
      inPort: fc.integer({ min: 1, max: 0xfeff }),
      ethType: fc.constantFrom(0x0800, 0x86dd),
      ipDscp: dscp,
      registers,
    },
    { requiredKeys: [] },
  )
  .map(({ ipDscp, ...rest }) =>
    rest.ethType === undefined || ipDscp === undefined ? rest : { ...rest, ipDscp },
  );

const loadRegister: fc.Arbitrary<Action> = fc
  .record({ register, offset: fc.nat(31), bits: fc.integer({ min: 1, max: 32 }), value: uint32 })
  .map(({ offset, bits, value, ...rest }) => {
    const width = Math.min(bits, 32 - offset);
    return { type: 'loadRegister', ...rest, offset, bits: width, value: value % 2 ** width };
  });

const anywhere: fc.Arbitrary<Action> = fc.oneof(
  loadRegister,
  fc.record({ type: fc.constant('resubmit' as const), table: fc.nat(253) }),
  fc.record({ type: fc.constant('output' as const), port: fc.integer({ min: 1, max: 0xfeff }) }),
  fc.record({ type: fc.constant('setQueue' as const), queueId: fc.nat(0xffff_ffff) }),
);

export const actions: fc.Arbitrary<Action[]> = fc.array(
  fc.oneof(anywhere, fc.record({ type: fc.constant('setIpDscp' as const), dscp })),
  { maxLength: 6 },
);

/** Flows that Open vSwitch takes: it is told to change a DSCP only of IP packets. */
export function flows(cookie: bigint, meterIds: readonly number[]): fc.Arbitrary<Flow> {
  return fc
    .record({
      cookie: fc.constant(cookie),
      table: fc.nat(253),
      priority: fc.nat(65_535),
      match: matches,
      meter: fc.constantFrom(null, ...meterIds),
      actions,
    })
    .map((flow) => ({
      ...flow,
      actions: flow.actions.filter((action) => fits(flow.match, action)),
    }));
}

export const meters: fc.Arbitrary<Meter> = fc
  .record({
    id: fc.integer({ min: 1, max: 200_000 }),
    unit: fc.constantFrom('kbps', 'pktps'),
    band: fc.record({
      rate: fc.integer({ min: 1, max: 0xffff_ffff }),
      burst: fc.option(fc.integer({ min: 1, max: 0xffff_ffff })),
    }),
  })
  .map(({ band, ...rest }) => ({ ...rest, bands: [band] }));

function fits(match: Match, action: Action): boolean {
  return action.type !== 'setIpDscp' || match.ethType !== undefined;
}
