import type { InputFieldBuilder } from '@pothos/core';
import { dscpMarks, type Limits } from '../domain/ranges.ts';
import type { builder } from './builder.ts';

type Types = (typeof builder)['$inferSchemaTypes'];
type FieldsOf<Shape> = PothosSchemaTypes.ObjectFieldBuilder<Types, Shape>;

const descriptions = {
  maxKbps: 'Kilobits (1000 bit) per second, 1 to 2147483647.',
  maxBurstKbps:
    "Kilobits (1000 bit). Null: the driver's default, 80 % of maxKbps and never under one packet.",
  maxKpps: 'Thousand packets per second, 1 to 4294967.',
  maxBurstKpps: 'Thousand packets.',
  minKbps: 'Guaranteed kilobits per second; INGRESS only where the driver says so.',
  dscpMark: `One of ${dscpMarks.join(', ')}. EGRESS only.`,
} as const;

/** The limits of a rule, or of what a rule asks, as fields. */
export function limitFields<Limited extends Limits>(t: FieldsOf<Limited>) {
  const limit = (name: keyof Limits) =>
    t.int({
      nullable: true,
      description: descriptions[name],
      resolve: (limited) => limited[name],
    });
  return {
    maxKbps: limit('maxKbps'),
    maxBurstKbps: limit('maxBurstKbps'),
    maxKpps: limit('maxKpps'),
    maxBurstKpps: limit('maxBurstKpps'),
    minKbps: limit('minKbps'),
    dscpMark: limit('dscpMark'),
  };
}

/** The same as fields of an input. */
export const limitInputs = (t: InputFieldBuilder<Types, 'InputObject'>) => ({
  maxKbps: t.int({ description: descriptions.maxKbps }),
  maxBurstKbps: t.int({ description: descriptions.maxBurstKbps }),
  maxKpps: t.int({ description: descriptions.maxKpps }),
  maxBurstKpps: t.int({ description: descriptions.maxBurstKpps }),
  minKbps: t.int({ description: descriptions.minKbps }),
  dscpMark: t.int({ description: descriptions.dscpMark }),
});
