import SchemaBuilder from '@pothos/core';
import DataloaderPlugin from '@pothos/plugin-dataloader';
import RelayPlugin from '@pothos/plugin-relay';
import type { FeedPosition } from '../domain/feedCursor.ts';
import { bounds } from '../domain/text.ts';
import type { Context } from './context.ts';

interface SchemaTypes {
  Context: Context;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: false;
  DefaultNodeNullability: false;
  Connection: { totalCount: number };
  Scalars: {
    UUID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    JSONObject: { Input: Record<string, unknown>; Output: Record<string, unknown> };
    Cursor: { Input: string; Output: FeedPosition };
    Counter: { Input: string; Output: string };
  };
}

const pageSize = `1 to ${bounds.page}`;

export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [RelayPlugin, DataloaderPlugin],
  defaultFieldNullability: false,
  relay: {
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    nodesOnConnection: { description: 'The entries of this page, without their cursors.' },
    edgesFieldOptions: { nullable: false, description: 'The entries of this page.' },
    nodeFieldOptions: { nullable: false, description: 'The entry itself.' },
    cursorFieldOptions: { description: 'Where this entry stands: pass it as `after` or `before`.' },
    pageInfoFieldOptions: { description: 'Where this page stands in the list.' },
    pageInfoTypeOptions: { description: 'Where a page stands in its list (Relay).' },
    hasNextPageFieldOptions: { description: 'More entries follow this page.' },
    hasPreviousPageFieldOptions: { description: 'Entries come before this page.' },
    startCursorFieldOptions: { description: "The first entry's cursor; null on an empty page." },
    endCursorFieldOptions: { description: "The last entry's cursor; null on an empty page." },
    firstArgOptions: {
      description: `So many entries from the start or past \`after\`: ${pageSize}, default ${bounds.defaultPage}. Not with \`last\`.`,
    },
    afterArgOptions: { description: "An entry's cursor: the page begins behind it." },
    lastArgOptions: {
      description: `So many entries from the end or before \`before\`: ${pageSize}. Not with \`first\`.`,
    },
    beforeArgOptions: { description: "An entry's cursor: the page ends before it." },
  },
});

builder.globalConnectionField('totalCount', (t) =>
  t.int({
    description: 'How many entries the whole list has.',
    resolve: ({ totalCount }) => totalCount,
  }),
);

builder.queryType({ description: 'What can be read.' });
builder.mutationType({
  description: 'What can be changed. Each is one transaction: all of it or nothing.',
});
builder.subscriptionType({ description: 'What can be followed, over graphql-transport-ws.' });
