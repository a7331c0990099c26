/**
 * What a script needs to talk to a Sluice server (docs/clients.md): a client, and the documents with
 * their types.
 */
export * from '../schema/generated/graphql.ts';
export {
  type Client,
  type ClientOptions,
  createClient,
  type RequestNote,
  type RequestOptions,
} from './client.ts';
export { type AnswerFault, NoAnswerError, RefusedError, SubscriptionEndedError } from './errors.ts';
export type { Document } from './operation.ts';
export type { SubscribeOptions } from './subscribe.ts';
