import type { Port } from '../entities/Port.ts';
import { bindPort, unbindPort } from '../services/ports.ts';
import { builder } from './builder.ts';
import { PortRef } from './port.ts';

const BindPortInput = builder.inputType('BindPortInput', {
  description: 'A port and the host that has it, or is about to.',
  fields: (t) => ({
    portId: t.field({
      type: 'UUID',
      required: true,
      description: 'The port; registered if nobody knew it.',
    }),
    host: t.string({ required: true, description: 'The host.' }),
    networkId: t.field({
      type: 'UUID',
      description: "The port's network. Another one than is known: CONFLICT.",
    }),
    tenantId: t.string({ description: "The port's tenant. Another one than is known: CONFLICT." }),
    name: t.string({ description: 'A name for the port, at most 255 characters.' }),
  }),
});

const UnbindPortInput = builder.inputType('UnbindPortInput', {
  description: 'A port and the host that it was bound to.',
  fields: (t) => ({
    portId: t.field({ type: 'UUID', required: true, description: 'The port.' }),
    host: t.string({ required: true, description: 'The host.' }),
  }),
});

interface PortPayload {
  readonly port: Port;
}

const BindPortPayload = builder.objectRef<PortPayload>('BindPortPayload').implement({
  description: 'What bindPort answers.',
  fields: (t) => ({
    port: t.expose('port', { type: PortRef, description: 'The port as it is now.' }),
  }),
});

const UnbindPortPayload = builder.objectRef<PortPayload>('UnbindPortPayload').implement({
  description: 'What unbindPort answers.',
  fields: (t) => ({
    port: t.expose('port', { type: PortRef, description: 'The port as it is now.' }),
  }),
});

builder.mutationFields((t) => ({
  bindPort: t.field({
    type: BindPortPayload,
    description: 'Binds a port to a host, before it is plugged or after. Administrators only.',
    args: { input: t.arg({ type: BindPortInput, required: true, description: 'What to bind.' }) },
    resolve: async (_root, { input }, { services, actor }) => ({
      port: await bindPort(services, actor, input),
    }),
  }),
  unbindPort: t.field({
    type: UnbindPortPayload,
    description: "Takes an administrator's binding back. Administrators only.",
    args: {
      input: t.arg({ type: UnbindPortInput, required: true, description: 'What to unbind.' }),
    },
    resolve: async (_root, { input }, { services, actor }) => ({
      port: await unbindPort(services, actor, input),
    }),
  }),
}));
