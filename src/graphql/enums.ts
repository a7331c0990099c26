import { builder } from './builder.ts';

/** Enumerations that several nouns use. The keys are the domain's own values. */

export const DirectionEnum = builder.enumType('Direction', {
  description: "Seen from the port's guest, as in OpenStack.",
  values: {
    EGRESS: { description: 'Traffic that leaves the guest.' },
    INGRESS: { description: 'Traffic that reaches the guest.' },
  } as const,
});

export const BindingStatusEnum = builder.enumType('BindingStatus', {
  description: 'How far a rule got on one host.',
  values: {
    PENDING: { description: 'Committed; the agent has not answered yet.' },
    APPLIED: { description: 'Read back from the switch after applying.' },
    DEGRADED: {
      description:
        'Applied with a different value than asked for; `message` and `programmed` say which and why.',
    },
    FAILED: {
      description: 'The agent tried and could not; `message` says why. It keeps trying.',
    },
    WAITING_FOR_PORT: {
      description: 'Known to the agent, enforced as soon as the port is plugged there.',
    },
    DISABLED: {
      description:
        'The agent is administratively down and has confirmed that nothing is enforced; PENDING until it has.',
    },
    NO_AGENT: { description: 'No agent has ever reported from this host.' },
  } as const,
});

export const ChangeTypeEnum = builder.enumType('ChangeType', {
  description: "What happened. Events are best effort and bounded, unlike the agents' feed.",
  values: {
    CREATED: { description: 'It is new.' },
    UPDATED: { description: 'What it says has changed.' },
    DELETED: { description: 'It is gone.' },
    STATUS_CHANGED: { description: 'How far it got, or whether it lives, has changed.' },
    RELOAD: { description: 'Changes were too many to name; query again.' },
  } as const,
});

export const OrderDirectionEnum = builder.enumType('OrderDirection', {
  description: 'Which way a list is sorted.',
  values: {
    ASC: { description: 'Smallest first, empty values last.' },
    DESC: { description: 'Largest first, empty values first.' },
  } as const,
});
