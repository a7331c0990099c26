import type { PortLimitFieldsFragment as PortLimit } from '../../schema/generated/graphql.ts';

/** A rule that asks for nothing but what is named, as agents are told of it. */
export const limitOf = (fields: Partial<PortLimit>): PortLimit => ({
  ruleId: '99999999-0000-0000-0000-000000000001',
  ruleVersion: 1,
  maxKbps: null,
  maxBurstKbps: null,
  maxKpps: null,
  maxBurstKpps: null,
  minKbps: null,
  dscpMark: null,
  ...fields,
});
