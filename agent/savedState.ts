import type { PortQosFieldsFragment as PortQos } from '../schema/generated/graphql.ts';
import type { DesiredState } from './desired.ts';

/** The desired state of a host, as it lies on its disk. */
export interface SavedState extends Omit<DesiredState, 'ports'> {
  readonly host: string;
  readonly ports: readonly PortQos[];
}

type Fields<T> = Readonly<Record<keyof T, (value: unknown) => boolean>>;

const isText = (value: unknown) => typeof value === 'string';
const isNumberOrNull = (value: unknown) => value === null || Number.isSafeInteger(value);

// Complete by their types: a field that the schema gains must be decided on here.
const limitFields: Fields<NonNullable<PortQos['egress']>> = {
  ruleId: isText,
  ruleVersion: Number.isSafeInteger,
  maxKbps: isNumberOrNull,
  maxBurstKbps: isNumberOrNull,
  maxKpps: isNumberOrNull,
  maxBurstKpps: isNumberOrNull,
  minKbps: isNumberOrNull,
  dscpMark: isNumberOrNull,
};
const isLimitOrNull = (value: unknown) => value === null || hasFields(limitFields, value);
const portFields: Fields<PortQos> = {
  portId: isText,
  egress: isLimitOrNull,
  ingress: isLimitOrNull,
};
const stateFields: Fields<SavedState> = {
  host: isText,
  cursor: isText,
  adminStateUp: (value) => typeof value === 'boolean',
  ports: (value) => Array.isArray(value) && value.every((port) => hasFields(portFields, port)),
};

/** Whether a file's content is a state as this version of Sluice writes it. */
export function isSavedState(value: unknown): value is SavedState {
  return hasFields(stateFields, value);
}

function hasFields<T>(fields: Fields<T>, value: unknown): value is T {
  if (typeof value !== 'object' || value === null) return false;
  const content = value as Record<string, unknown>;
  return Object.entries<(field: unknown) => boolean>(fields).every(([name, fits]) =>
    fits(content[name]),
  );
}
