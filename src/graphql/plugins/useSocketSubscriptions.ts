import type { Plugin } from 'graphql-yoga';
import { faultError } from '../errors.ts';

/**
 * Subscriptions are for WebSockets: only there a reader that is slow, or gone without a word, is
 * noticed, and the next step is not read before the last was taken.
 */
export function useSocketSubscriptions(): Plugin {
  return {
    onSubscribe({ setResultAndStopExecution }) {
      const message =
        'Subscriptions are served over WebSocket (graphql-transport-ws), at this path.';
      setResultAndStopExecution({ errors: [faultError({ code: 'BAD_USER_INPUT', message })] });
    },
  };
}
