import { RevokeCredentialDocument } from '../../schema/generated/graphql.ts';
import type { Context } from '../context.ts';
import { eachOf } from '../each.ts';

export default async function revokeCredentials(
  { client, terminal }: Context,
  _options: object,
  ids: readonly string[],
): Promise<void> {
  const revoked = await eachOf(terminal, ids, async (id) => {
    await client.request(RevokeCredentialDocument, { input: { id } });
    terminal.say(`${id} is revoked; what it opened closes within seconds.`);
  });
  revoked.throwIfAnyFailed();
}
