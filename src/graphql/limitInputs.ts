import type { InputFieldBuilder } from '@pothos/core';
import type { builder } from './builder.ts';
import { limitDescriptions } from './qosRule.ts';

type Types = (typeof builder)['$inferSchemaTypes'];

/** The limits of a rule as input fields. */
export const limitInputs = (t: InputFieldBuilder<Types, 'InputObject'>) => ({
  maxKbps: t.int({ description: limitDescriptions.maxKbps }),
  maxBurstKbps: t.int({ description: limitDescriptions.maxBurstKbps }),
  maxKpps: t.int({ description: limitDescriptions.maxKpps }),
  maxBurstKpps: t.int({ description: limitDescriptions.maxBurstKpps }),
  minKbps: t.int({ description: limitDescriptions.minKbps }),
  dscpMark: t.int({ description: limitDescriptions.dscpMark }),
});
