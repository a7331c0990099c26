import { type ConfigOf, setting } from '../lib/config.ts';
import { integer, milliseconds, oneOf } from '../lib/configTypes.ts';
import { defaultLimits, type Limits } from './http/limits.ts';

const { costRates, operationMs, sockets, strangersPerAddress } = defaultLimits;

const costRate = (who: string, value: number) =>
  setting({
    type: integer({ min: 1, max: 1_000_000_000 }),
    default: value,
    help: `what ${who} may cost this server a second, in fields answered; ten seconds' worth at once`,
  });

/** What callers may cost. */
export const limitSettings = {
  adminCostRate: costRate('an administrator', costRates.admin),
  memberCostRate: costRate('a member', costRates.member),
  readerCostRate: costRate('a reader', costRates.reader),
  agentCostRate: costRate('an agent', costRates.agent),
  trustedDocuments: setting({
    type: oneOf(['agents', 'everybody']),
    default: 'agents',
    help: "whose credentials run only the documents that Sluice's own programs send",
  }),
  operationMs: setting({
    type: milliseconds({ min: 100, max: 600_000 }),
    default: operationMs,
    help: 'a query or mutation that takes longer is ended, in the database too',
  }),
  maxSockets: setting({
    type: integer({ min: 10, max: 1_000_000 }),
    default: sockets,
    help: 'WebSockets at a time; each agent has one',
  }),
  maxStrangers: setting({
    type: integer({ min: 1, max: 1_000_000 }),
    default: strangersPerAddress,
    help: 'WebSockets from one address that have not said yet who they are, and connections that have not asked anything; a proxy is one address',
  }),
};

export const limitsOf = (config: ConfigOf<typeof limitSettings>): Limits => ({
  ...defaultLimits,
  costRates: {
    admin: config.adminCostRate,
    member: config.memberCostRate,
    reader: config.readerCostRate,
    agent: config.agentCostRate,
  },
  trustedFor: config.trustedDocuments,
  operationMs: config.operationMs,
  sockets: config.maxSockets,
  strangersPerAddress: config.maxStrangers,
});
