import { decodeFeedCursor } from '../domain/feedCursor.ts';
import type { PortLimit, PortQos } from '../feed/readFeed.ts';
import type { HostQosStep } from '../feed/step.ts';
import { getHostQos, openHostFeed } from '../services/hostQos.ts';
import { builder } from './builder.ts';
import { limitFields } from './limits.ts';

const PortLimitRef = builder.objectRef<PortLimit>('PortLimit').implement({
  description: 'What one direction of a port must be held to, and the rule that says so.',
  fields: (t) => ({
    ruleId: t.expose('ruleId', { type: 'UUID', description: 'The rule.' }),
    ruleVersion: t.exposeInt('ruleVersion', { description: "The rule's version." }),
    ...limitFields(t),
  }),
});

const PortQosRef = builder.objectRef<PortQos>('PortQos').implement({
  description:
    'The whole desired state of one port; a null direction: remove whatever is applied there.',
  fields: (t) => ({
    portId: t.expose('portId', { type: 'UUID', description: 'The port.' }),
    egress: t.expose('egress', {
      type: PortLimitRef,
      nullable: true,
      description: 'For what leaves the guest.',
    }),
    ingress: t.expose('ingress', {
      type: PortLimitRef,
      nullable: true,
      description: 'For what reaches the guest.',
    }),
  }),
});

const HostQosChangeRef = builder.objectRef<HostQosStep>('HostQosChange').implement({
  description: `One step of a host's feed. \`from\` null: \`ports\` is the whole desired state, forget any other.
Otherwise it continues exactly at \`from\`; an agent whose own cursor differs opens the feed again.
\`ports\` may be empty: then only the cursor or adminStateUp moved.
A large step comes in pieces with the same \`from\` and \`to\`, by port id, \`more\` true on all but the last:
the cursor moves, the last piece's adminStateUp counts, and what is missing may be removed, only after the last;
an unfinished set is dropped on reconnect. A piece may carry values newer than \`to\`; they come again in a later step.`,
  fields: (t) => ({
    from: t.expose('from', {
      type: 'Cursor',
      nullable: true,
      description: 'Where this step begins; null: from nothing.',
    }),
    to: t.expose('to', { type: 'Cursor', description: 'Where the host stands after it.' }),
    more: t.exposeBoolean('more', { description: 'Further pieces of this step follow.' }),
    adminStateUp: t.exposeBoolean('adminStateUp', {
      description: 'False: remove every limit, apply none.',
    }),
    ports: t.field({
      type: [PortQosRef],
      description: 'The ports that changed, each with its whole desired state.',
      resolve: ({ ports }) => ports,
    }),
    traceparent: t.exposeString('traceparent', {
      nullable: true,
      description: `W3C Trace Context of the change that moved the feed, where the server knows it: what an agent does for
this step is part of that trace. Of several changes in one step, the newest one's.`,
    }),
  }),
});

const host = 'The host; an agent may name its own only.';

builder.queryField('hostQos', (t) =>
  t.field({
    type: HostQosChangeRef,
    description:
      'What the agent on `host` must enforce now: the same as the first step of its feed.',
    args: { host: t.arg.string({ required: true, description: host }) },
    resolve: (_root, args, { services, actor }) => getHostQos(services, actor, args.host),
  }),
);

builder.subscriptionField('hostQosChanges', (t) =>
  t.field({
    type: HostQosChangeRef,
    description:
      'For the agent on `host`: everything since `since` (all of it when null, unknown or too old), then each change as it commits.',
    args: {
      host: t.arg.string({ required: true, description: host }),
      since: t.arg({ type: 'Cursor', description: 'The `to` of the last step that was taken.' }),
    },
    subscribe: (_root, args, { services, actor, signal }) =>
      openHostFeed(
        services,
        actor,
        args.host,
        args.since == null ? null : decodeFeedCursor(args.since),
        signal,
      ),
    resolve: (step) => step,
  }),
);
