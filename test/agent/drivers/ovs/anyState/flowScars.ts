import fc from 'fast-check';
import { addFlow, deleteFlowStrict, type Flow } from '../../../../../agent/openflow/flows.ts';
import type { Message } from '../../../../../agent/openflow/message.ts';
import {
  addMeter,
  deleteMeter,
  type Meter,
  modifyMeter,
} from '../../../../../agent/openflow/meters.ts';
import { bridgeNames, portCount } from './lab.ts';

/** Something that somebody did to a bridge's flows and meters past Sluice. `nth` is of those that Sluice made. */
export type FlowScar = { readonly of: 'flow'; readonly bridge: string } & (
  | { readonly kind: 'dropFlow' | 'emptyFlow' | 'dropMeter'; readonly nth: number }
  | {
      readonly kind: 'changeMeter';
      readonly nth: number;
      readonly rate: number;
      readonly unit: Meter['unit'];
    }
  | {
      readonly kind: 'addFlow';
      readonly ours: boolean;
      readonly inPort: number;
      readonly priority: number;
      readonly stage: number | null;
    }
  | { readonly kind: 'addMeter'; readonly id: number }
);

const head = { of: fc.constant('flow' as const), bridge: fc.constantFrom(...bridgeNames) };
const nth = fc.nat(11);
const inPort = fc.integer({ min: 1, max: portCount + 1 });

export const flowScar: fc.Arbitrary<FlowScar> = fc.oneof(
  fc.record({ kind: fc.constantFrom('dropFlow', 'emptyFlow', 'dropMeter'), nth, ...head }),
  fc.record({
    kind: fc.constant('changeMeter'),
    ...head,
    nth,
    rate: fc.constantFrom(1, 5_000),
    unit: fc.constantFrom('kbps', 'pktps'),
  }),
  fc.record({
    kind: fc.constant('addFlow'),
    ...head,
    ours: fc.boolean(),
    inPort,
    priority: fc.constantFrom(5, 40_000),
    stage: fc.option(fc.nat(3)),
  }),
  fc.record({
    kind: fc.constant('addMeter'),
    ...head,
    id: fc.constantFrom(1, 7, 131_073, 131_074, 131_076),
  }),
);

/** The messages that make a scar. None where what it is about is not there. */
export function messagesOf(
  scar: FlowScar,
  flows: readonly Flow[],
  meters: readonly Meter[],
): Message[] {
  const ours = flows.filter(({ cookie }) => cookie >> 32n === mark);
  const ourMeters = meters.filter(({ id }) => ours.some(({ meter }) => meter === id));
  switch (scar.kind) {
    case 'dropFlow':
      return pick(ours, scar.nth).map(deleteFlowStrict);
    case 'emptyFlow':
      return pick(ours, scar.nth).map((flow) => addFlow({ ...flow, meter: null, actions: [] }));
    case 'dropMeter':
      return pick(ourMeters, scar.nth).map(({ id }) => deleteMeter(id));
    case 'changeMeter': {
      const { unit, rate } = scar;
      return pick(ourMeters, scar.nth).map(({ id }) =>
        modifyMeter({ id, unit, bands: [{ rate, burst: 80 }] }),
      );
    }
    case 'addFlow':
      return [addFlow(strayFlow(scar))];
    case 'addMeter': {
      const { id } = scar;
      const isTaken = meters.some((meter) => meter.id === id);
      return isTaken ? [] : [addMeter({ id, unit: 'kbps', bands: [{ rate: 42, burst: 42 }] })];
    }
  }
}

/** Sluice's, in the high half of a cookie (agent/drivers/ovs/ids.ts). */
const mark = 0x736c_7569n;
const foreignCookie = 0xf0e1n;

function strayFlow({
  ours,
  inPort,
  priority,
  stage,
}: Extract<FlowScar, { kind: 'addFlow' }>): Flow {
  const registers = [{ register: 13, value: ((stage ?? 0) << 30) >>> 0, mask: 0xc000_0000 }];
  return {
    cookie: ours ? mark << 32n : foreignCookie,
    table: 0,
    priority,
    match: { inPort, ...(stage !== null && { registers }) },
    meter: null,
    actions: [],
  };
}

function pick<T>(list: readonly T[], nth: number): T[] {
  const chosen = list[nth % Math.max(1, list.length)];
  return chosen === undefined ? [] : [chosen];
}
