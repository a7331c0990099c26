import type { PortBinding } from '../entities/PortBinding.ts';
import { builder } from './builder.ts';
import { removalFaultOf, stateOfHost } from './loaders.ts';

export const PortBindingRef = builder.objectRef<PortBinding>('PortBinding').implement({
  description: `A port is, or is about to be, on a host. Two during a live migration. Unplugging only clears \`plugged\`:
a binding that no administrator made ends ten minutes later, or, once it is unplugged here, at once when another host has the port.`,
  fields: (t) => ({
    portId: t.expose('portId', { type: 'UUID', description: 'The port.' }),
    host: t.exposeString('host', { description: 'The host.' }),
    bound: t.exposeBoolean('bound', {
      description: 'An administrator bound it here (bindPort).',
    }),
    plugged: t.exposeBoolean('plugged', {
      description: 'True while the agent sees the interface.',
    }),
    removed: t.boolean({
      description: 'Ended, and kept until the agent has confirmed it and the retention is over.',
      resolve: ({ removedAt }) => removedAt !== null,
    }),
    settled: t.boolean({
      description:
        'The agent has dealt with the last change to this port here: applied, removed or failed: a removal that failed is in `removalFault`.',
      resolve: async ({ host, revision }, _args, context) => {
        const confirmed = (await stateOfHost(context).load(host))?.confirmed;
        return !!confirmed && confirmed.revision >= BigInt(revision);
      },
    }),
    removalFault: t.string({
      nullable: true,
      description:
        'Why something that was enforced here, and that nobody asks for any more, could not be removed, as its agent last said it; it keeps trying. Null: nothing is known to be left.',
      resolve: ({ portId, host }, _args, context) => removalFaultOf(context).load({ portId, host }),
    }),
    claimedFrom: t.exposeString('claimedFrom', {
      nullable: true,
      description:
        "The live host that had the port when this host's agent said that it was plugged here: a live migration, or a theft. Null: none had it, or an administrator bound it here.",
    }),
    interfaceName: t.exposeString('interfaceName', {
      nullable: true,
      description: 'How the switch calls it there.',
    }),
    boundAt: t.expose('boundAt', { type: 'DateTime', description: 'When it came to this host.' }),
  }),
});
