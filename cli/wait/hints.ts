import { messageOf } from '../../lib/errors.ts';
import type { Mailbox } from '../../lib/mailbox.ts';
import { type QosRuleFilter, RuleHintsDocument } from '../../schema/generated/graphql.ts';
import type { Client } from '../client/client.ts';
import { maxPage } from '../client/pages.ts';

/**
 * Posts whenever one of the rules changed, so that a wait looks at once. Only a hint: without it, for
 * whatever reason, the wait looks by itself.
 */
export async function listenForRules(
  client: Client,
  ids: readonly string[],
  mailbox: Mailbox,
  signal: AbortSignal,
): Promise<void> {
  const filter: QosRuleFilter = ids.length <= maxPage ? { id: [...ids] } : {};
  try {
    for await (const _ of client.subscribe(RuleHintsDocument, { filter }, signal)) mailbox.post();
  } catch (error) {
    client.note(`No hints of changes: ${messageOf(error)}`);
  }
}
