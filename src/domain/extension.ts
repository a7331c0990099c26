import { type Direction, type LimitField, limitRanges } from './ranges.ts';

/** One rule field that a driver can enforce, and in which directions. */
export interface FieldSupport {
  readonly field: LimitField;
  readonly directions: readonly Direction[];
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly values: readonly number[] | null;
}

export interface DriverSupport {
  readonly driver: string;
  readonly fields: readonly FieldSupport[];
}

const both = ['EGRESS', 'INGRESS'] as const;
const egress = ['EGRESS'] as const;

/** A field's own range; one with allowed values has no range beside them. */
function support(field: LimitField, directions: readonly Direction[]): FieldSupport {
  const { minimum, maximum, values } = limitRanges[field];
  return values
    ? { field, directions, minimum: null, maximum: null, values }
    : { field, directions, minimum, maximum, values };
}

/** The API extension, in the terms of Neutron's: clients ask for it to learn what rules may say. */
export const extension = {
  name: 'Quality of service',
  alias: 'qos',
  description: 'Bandwidth limits and DSCP marks for the ports of Open vSwitch hosts.',
  namespace: 'urn:sluice:qos',
  updated: new Date('2026-11-22T00:00:00Z'),
  version: '1.0',
  drivers: [
    {
      driver: 'ovs',
      // Packets are counted by meters and policing, which act on EGRESS; linux-htb knows bits only.
      fields: [
        support('maxKbps', both),
        support('maxBurstKbps', both),
        support('maxKpps', egress),
        support('maxBurstKpps', egress),
        support('minKbps', egress),
        support('dscpMark', egress),
      ],
    },
    { driver: 'noop', fields: [] },
  ] satisfies readonly DriverSupport[],
};
