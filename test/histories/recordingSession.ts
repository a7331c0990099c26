import type { Session, Sink } from '../../agent/session.ts';
import {
  HostQosChangesDocument,
  type HostQosChangesSubscription,
} from '../../schema/generated/graphql.ts';
import { messageOf, positionOf, type Recording } from './recording.ts';

let subscriptions = 0;

/**
 * The session, with what its feed asks and is told written down. Before the feed takes a message,
 * `onMessage` hears how many messages its step has come in so far.
 */
export function recordingSession(
  session: Session,
  host: string,
  recording: Recording,
  onMessage: (pieces: number) => void,
): Session {
  return {
    signal: session.signal,
    request: (document, variables) => session.request(document, variables),
    subscribe: (document, variables, sink) => {
      if ((document as unknown) !== HostQosChangesDocument) {
        return session.subscribe(document, variables, sink);
      }
      subscriptions += 1;
      const subscription = subscriptions;
      const since = positionOf(variables.since as string | null);
      let pieces = 0;
      recording.add({ kind: 'opened', host, subscription, since });
      const close = () => recording.add({ kind: 'closed', host, subscription });
      const drop = session.subscribe(document, variables, {
        next: (data) => {
          const { hostQosChanges } = data as HostQosChangesSubscription;
          const message = messageOf(hostQosChanges);
          recording.add({ kind: 'received', host, subscription, ...message });
          pieces += 1;
          onMessage(pieces);
          if (!hostQosChanges.more) pieces = 0;
          sink.next(data);
        },
        ended: (error) => {
          close();
          sink.ended(error);
        },
      } satisfies Sink<never>);
      return () => {
        close();
        drop();
      };
    },
  };
}
