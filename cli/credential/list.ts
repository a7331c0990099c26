import {
  FindCredentialCursorDocument,
  ListCredentialsDocument,
} from '../../schema/generated/graphql.ts';
import type { Context } from '../context.ts';
import { type ListOptions, listPages } from '../listing.ts';
import { credentialView } from './view.ts';

interface Options extends ListOptions {
  readonly host?: string[];
}

export default async function listCredentials(context: Context, options: Options): Promise<void> {
  const filter = { host: options.host };
  const { client } = context;
  await listPages(context, credentialView, options, {
    read: async (first, after) =>
      (await client.request(ListCredentialsDocument, { filter, first, after })).agentCredentials,
    places: async (first, after) =>
      (await client.request(FindCredentialCursorDocument, { filter, first, after }))
        .agentCredentials,
  });
}
