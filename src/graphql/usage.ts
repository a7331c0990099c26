import { type ReportedUsage, reportUsage } from '../services/reportUsage.ts';
import type { Usage } from '../services/usage.ts';
import { builder } from './builder.ts';
import { DirectionEnum } from './enums.ts';

/** What passed and what was dropped by a limit: how an agent says it, and how it is read. */

/** In words that an input and an output share. */
const countDescriptions = {
  bytes:
    'Bytes that passed, by whole frames without their checksum. Null where the mechanism counts only what reached it.',
  packets: 'Packets that passed.',
  droppedBytes: 'Bytes that the limit dropped. Null where the mechanism does not tell.',
  droppedPackets: 'Packets that the limit dropped. Null where the mechanism does not tell.',
} as const;

export const UsageRef = builder.objectRef<Usage>('Usage').implement({
  description:
    'What a limit let pass and dropped, as its host last counted it. Counters begin again with 0 when the limit is made anew, a meter also when its rate changes: compare `since`.',
  fields: (t) => ({
    bytes: t.expose('bytes', {
      type: 'Counter',
      nullable: true,
      description: countDescriptions.bytes,
    }),
    packets: t.expose('packets', { type: 'Counter', description: countDescriptions.packets }),
    droppedBytes: t.expose('droppedBytes', {
      type: 'Counter',
      nullable: true,
      description: countDescriptions.droppedBytes,
    }),
    droppedPackets: t.expose('droppedPackets', {
      type: 'Counter',
      nullable: true,
      description: countDescriptions.droppedPackets,
    }),
    since: t.expose('since', {
      type: 'DateTime',
      nullable: true,
      description: 'When the counting began. Null: before anybody here looked.',
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When the host last looked.' }),
  }),
});

const UsageInput = builder.inputType('UsageInput', {
  description: 'What the limit of one direction of a port let pass and dropped.',
  fields: (t) => ({
    portId: t.field({ type: 'UUID', required: true, description: 'The port.' }),
    direction: t.field({ type: DirectionEnum, required: true, description: 'Its direction.' }),
    ruleId: t.field({ type: 'UUID', required: true, description: 'The rule that asks for it.' }),
    bytes: t.field({ type: 'Counter', description: countDescriptions.bytes }),
    packets: t.field({ type: 'Counter', required: true, description: countDescriptions.packets }),
    droppedBytes: t.field({ type: 'Counter', description: countDescriptions.droppedBytes }),
    droppedPackets: t.field({ type: 'Counter', description: countDescriptions.droppedPackets }),
    countedMs: t.field({
      type: 'Counter',
      description:
        'For how many milliseconds these have been counted. Left out: for longer than the agent knows.',
    }),
  }),
});

const ReportUsageInput = builder.inputType('ReportUsageInput', {
  description:
    'At most 500 entries; a host with more sends several reports. Counts of what is not named stay as they are.',
  fields: (t) => ({
    host: t.string({ required: true, description: "The agent's own host." }),
    usage: t.field({ type: [UsageInput], required: true, description: 'What was counted.' }),
    unmovedSince: t.field({
      type: 'DateTime',
      description:
        'As `since` of an earlier answer: all that was reported in that report and after it and is not named here was looked at now, and has not moved. Left out: nothing is said of what is not named, and a later report may name this one.',
    }),
  }),
});

const ReportUsagePayload = builder.objectRef<ReportedUsage>('ReportUsagePayload').implement({
  description: 'What reportUsage answers.',
  fields: (t) => ({
    accepted: t.exposeInt('accepted', {
      description: 'How many entries counted: those of ports that are bound to the host.',
    }),
    since: t.expose('since', {
      type: 'DateTime',
      nullable: true,
      description:
        'What later reports may name as `unmovedSince`. Null: what this one named is not the last that was given out. Nothing was recorded, and all has to be reported again.',
    }),
  }),
});

builder.mutationField('reportUsage', (t) =>
  t.field({
    type: ReportUsagePayload,
    description:
      'Says what limits let pass and dropped. Moves no feed. Agents only, for their own host.',
    args: { input: t.arg({ type: ReportUsageInput, required: true, description: 'The report.' }) },
    resolve: (_root, { input }, { services, actor }) => reportUsage(services, actor, input),
  }),
);
