import type { PortQosFieldsFragment as PortQos } from '../schema/generated/graphql.ts';
import type { DesiredState } from './desired.ts';

/** The desired state of a host, as it lies on its disk. */
export interface SavedState extends Omit<DesiredState, 'ports'> {
  readonly host: string;
  readonly ports: readonly PortQos[];
}

/** What a record beside it adds: ports as they are from then on, and ids of those that ask for nothing any more. */
export interface SavedChange extends Omit<DesiredState, 'ports'> {
  readonly ports: readonly PortQos[];
  readonly gone: readonly string[];
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
const isPorts = (value: unknown) =>
  Array.isArray(value) && value.every((port) => hasFields(portFields, port));
const headFields = {
  cursor: isText,
  adminStateUp: (value: unknown) => typeof value === 'boolean',
};
const stateFields: Fields<SavedState> = { ...headFields, host: isText, ports: isPorts };
const changeFields: Fields<SavedChange & { after: string }> = {
  ...headFields,
  after: isText,
  ports: isPorts,
  gone: (value) => Array.isArray(value) && value.every(isText),
};

/** Whether a file's content is a state as this version of Sluice writes it. */
export function isSavedState(value: unknown): value is SavedState {
  return hasFields(stateFields, value);
}

/** The same of a record, with the checksum of what it continues. */
export function isSavedChange(value: unknown): value is SavedChange & { readonly after: string } {
  return hasFields(changeFields, value);
}

function hasFields<T>(fields: Fields<T>, value: unknown): value is T {
  if (typeof value !== 'object' || value === null) return false;
  const content = value as Record<string, unknown>;
  return Object.entries<(field: unknown) => boolean>(fields).every(([name, fits]) =>
    fits(content[name]),
  );
}
