import { UserError } from '../../lib/errors.ts';
import { nearest } from '../../lib/nearest.ts';
import type {
  BindingStatus,
  Direction,
  QosRuleFilter,
  QosRuleOrder,
  QosRuleOrderField,
} from '../../schema/generated/graphql.ts';
import { exitCodes } from '../exitCodes.ts';

/** Which rules: every option that is given must hold, one of its values is enough. */
export interface RuleFilterOptions {
  readonly id?: string[];
  readonly tenantId?: string[];
  readonly networkId?: string[];
  readonly portId?: string[];
  readonly direction?: Direction;
  readonly host?: string[];
  readonly status?: BindingStatus[];
}

export function filterOf(options: RuleFilterOptions): QosRuleFilter {
  const { id, tenantId, networkId, portId, direction, host, status } = options;
  return { id, tenantId, networkId, portId, direction, host, status };
}

const orderFields: readonly QosRuleOrderField[] = [
  'CREATED_AT',
  'UPDATED_AT',
  'TENANT_ID',
  'NETWORK_ID',
  'PORT_ID',
  'MAX_KBPS',
];

/** `max-kbps:desc`, in any way of writing that names a field. */
export function orderOf(key: string): QosRuleOrder {
  const [name = '', way = 'asc', ...rest] = key.split(':');
  const direction = way.toUpperCase();
  const field = orderFields.find((one) => plain(one) === plain(name));
  if (field && (direction === 'ASC' || direction === 'DESC') && rest.length === 0) {
    return { field, direction };
  }
  if (field) throw usage(`--sort-key ${key}: after the field comes :asc or :desc.`);
  const names = orderFields.map((one) => one.toLowerCase().replaceAll('_', '-'));
  const meant = nearest(name, names);
  const hint = meant ? `did you mean ${meant}?` : `there are ${names.join(', ')}.`;
  throw usage(`--sort-key ${name}: rules cannot be sorted by that; ${hint}`);
}

const plain = (name: string): string => name.replace(/[-_]/g, '').toLowerCase();

const usage = (sentence: string): UserError => new UserError(sentence, exitCodes.usage);
