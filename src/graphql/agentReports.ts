import { getOwnAgent } from '../services/agents.ts';
import { type Heartbeat, recordHeartbeat } from '../services/heartbeat.ts';
import type { RefusedPort } from '../services/portClaims.ts';
import { type RecordedPorts, reportPorts } from '../services/reportPorts.ts';
import { reportQos } from '../services/reportQos.ts';
import { AgentRef } from './agent.ts';
import { builder } from './builder.ts';
import { BindingStatusEnum, DirectionEnum } from './enums.ts';
import { programmedDescriptions } from './qosAgentBinding.ts';

/** What an agent says of its own host: that it lives, what it sees, how far it got. */

const ownHost = "The agent's own host.";

const AgentHeartbeatInput = builder.inputType('AgentHeartbeatInput', {
  description: 'That an agent lives, and what it says of itself.',
  fields: (t) => ({
    host: t.string({ required: true, description: ownHost }),
    binary: t.string({ required: true, description: 'The program that runs there.' }),
    agentType: t.string({ required: true, description: 'What kind of agent it is.' }),
    version: t.string({ description: "The program's version." }),
    configurations: t.field({
      type: 'JSONObject',
      description: 'Free-form: at least { driver, ovsVersion, capabilities }. Left out: unchanged.',
    }),
    startFlag: t.boolean({
      required: true,
      defaultValue: false,
      description: 'True on the first heartbeat after the process started.',
    }),
    confirmed: t.field({
      type: 'Cursor',
      description: 'How far the agent has dealt with its feed.',
    }),
  }),
});

const AgentHeartbeatPayload = builder.objectRef<Heartbeat>('AgentHeartbeatPayload').implement({
  description: 'What agentHeartbeat answers.',
  fields: (t) => ({
    agent: t.field({
      type: AgentRef,
      description: 'The agent as the server knows it.',
      resolve: ({ host }, _args, { services, actor }) => getOwnAgent(services, actor, host),
    }),
    desired: t.expose('desired', { type: 'Cursor', description: "Head of this host's feed." }),
    intervalMs: t.exposeInt('intervalMs', {
      description: 'Milliseconds until the next heartbeat is due.',
    }),
  }),
});

const PluggedPortInput = builder.inputType('PluggedPortInput', {
  description: 'A port whose interface the agent sees.',
  fields: (t) => ({
    portId: t.field({ type: 'UUID', required: true, description: 'The port.' }),
    interfaceName: t.string({ required: true, description: 'How the switch calls it.' }),
    mac: t.string({ description: 'The MAC address attached to it.' }),
    networkId: t.field({ type: 'UUID', description: 'Its network, where the switch knows it.' }),
  }),
});

const ReportPortsInput = builder.inputType('ReportPortsInput', {
  description: 'At most 500 entries; a host with more reports by ranges of port ids.',
  fields: (t) => ({
    host: t.string({ required: true, description: ownHost }),
    complete: t.boolean({
      required: true,
      description:
        'True: `plugged` is all there is (in the range, if one is given). False: `plugged` and `unplugged` are changes.',
    }),
    after: t.field({
      type: 'UUID',
      description:
        'The range that a complete report covers: ids past `after`, up to and with `through`; null is open.',
    }),
    through: t.field({ type: 'UUID', description: 'The end of the range; null is open.' }),
    plugged: t.field({
      type: [PluggedPortInput],
      required: true,
      description: 'Ports that the agent sees.',
    }),
    unplugged: t.field({
      type: ['UUID'],
      required: true,
      defaultValue: [],
      description: 'Ports that it sees no more.',
    }),
  }),
});

const RefusedPortRef = builder.objectRef<RefusedPort>('RefusedPort').implement({
  description: 'A port of a report that did not count: another live host has it.',
  fields: (t) => ({
    portId: t.expose('portId', { type: 'UUID', description: 'The port.' }),
    code: t.exposeString('code', {
      description: 'LIMIT_EXCEEDED: later it may count. FORBIDDEN: an administrator must bind it.',
    }),
    message: t.exposeString('message', { description: 'The same in words.' }),
  }),
});

const ReportPortsPayload = builder.objectRef<RecordedPorts>('ReportPortsPayload').implement({
  description: 'What reportPorts answers.',
  fields: (t) => ({
    accepted: t.exposeInt('accepted', { description: 'How many entries counted.' }),
    refused: t.field({
      type: [RefusedPortRef],
      description: 'Ports that did not count, as another live host has them; all others did.',
      resolve: ({ refused }) => refused,
    }),
  }),
});

const ProgrammedLimitInput = builder.inputType('ProgrammedLimitInput', {
  description: 'What the switch was told, in its own terms.',
  fields: (t) => ({
    mechanism: t.string({ required: true, description: programmedDescriptions.mechanism }),
    maxKbps: t.int({ description: programmedDescriptions.maxKbps }),
    maxBurstKbps: t.int({ description: programmedDescriptions.maxBurstKbps }),
    maxKpps: t.int({ description: programmedDescriptions.maxKpps }),
    maxBurstKpps: t.int({ description: programmedDescriptions.maxBurstKpps }),
    minKbps: t.int({ description: programmedDescriptions.minKbps }),
    dscpMark: t.int({ description: programmedDescriptions.dscpMark }),
  }),
});

const QosResultInput = builder.inputType('QosResultInput', {
  description: 'How far the agent got with one direction of a port.',
  fields: (t) => ({
    portId: t.field({ type: 'UUID', required: true, description: 'The port.' }),
    direction: t.field({ type: DirectionEnum, required: true, description: 'Its direction.' }),
    ruleId: t.field({
      type: 'UUID',
      description:
        'Which rule and version this is about; null: the limit was to be removed, and was unless `status` is FAILED. A result for another version than the current one changes nothing.',
    }),
    ruleVersion: t.int({ description: "That rule's version." }),
    status: t.field({
      type: BindingStatusEnum,
      required: true,
      description: 'APPLIED, DEGRADED, FAILED or WAITING_FOR_PORT.',
    }),
    message: t.string({ description: 'Why, in words; cut at 1000 characters.' }),
    programmed: t.field({
      type: ProgrammedLimitInput,
      description: 'What was read back from the switch.',
    }),
  }),
});

const ReportQosInput = builder.inputType('ReportQosInput', {
  description: 'Only the (port, direction) pairs named change. At most 500 results.',
  fields: (t) => ({
    host: t.string({ required: true, description: ownHost }),
    to: t.field({
      type: 'Cursor',
      required: true,
      description: 'The `to` of the step that the results are about.',
    }),
    complete: t.boolean({
      required: true,
      defaultValue: true,
      description:
        'Everything up to `to` has been dealt with: the confirmed position moves there. It never moves back.',
    }),
    starts: t.boolean({
      required: true,
      defaultValue: false,
      description:
        'The first report since the agent started: removals that failed before, and that it does not name, are over.',
    }),
    results: t.field({ type: [QosResultInput], required: true, description: 'The results.' }),
  }),
});

const ReportQosPayload = builder
  .objectRef<{ readonly accepted: number }>('ReportQosPayload')
  .implement({
    description: 'What reportQos answers.',
    fields: (t) => ({
      accepted: t.exposeInt('accepted', { description: 'How many results counted.' }),
    }),
  });

builder.mutationFields((t) => ({
  agentHeartbeat: t.field({
    type: AgentHeartbeatPayload,
    description: 'Says that the agent lives. Agents only, for their own host.',
    args: { input: t.arg({ type: AgentHeartbeatInput, required: true, description: 'The beat.' }) },
    resolve: (_root, { input }, { services, actor }) => recordHeartbeat(services, actor, input),
  }),
  reportPorts: t.field({
    type: ReportPortsPayload,
    description: 'Says which ports the agent sees. Agents only, for their own host.',
    args: { input: t.arg({ type: ReportPortsInput, required: true, description: 'The report.' }) },
    resolve: (_root, { input }, { services, actor }) => reportPorts(services, actor, input),
  }),
  reportQos: t.field({
    type: ReportQosPayload,
    description: 'Says how far the agent got. Agents only, for their own host.',
    args: { input: t.arg({ type: ReportQosInput, required: true, description: 'The report.' }) },
    resolve: async (_root, { input }, { services, actor }) => ({
      accepted: await reportQos(services, actor, input),
    }),
  }),
}));
