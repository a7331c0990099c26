import type { OpenFlowClient } from '../../openflow/client.ts';
import { Lanes } from '../../openflow/lanes.ts';
import type { OpenFlowWrite } from './aims.ts';
import { type ForeignFlows, findForeign, portsOf } from './foreignFlows.ts';

/** From so many writes on, more connections than one are worth their opening. */
const manyWrites = 200;
const none: ForeignFlows = new Map();

/** What writes to a bridge need before they go out, begun while the database still has to take what comes before them. */
export class Preparation implements AsyncDisposable {
  /** What stands where flows are to be added, and is not Sluice's. */
  readonly foreign: Promise<ForeignFlows>;
  /** Null: the writes are few. */
  readonly lanes: Promise<Lanes> | null;

  constructor(client: OpenFlowClient, path: string, writes: readonly OpenFlowWrite[]) {
    const added = writes.flatMap((write) => (write.kind === 'addFlow' ? [write.flow] : []));
    this.foreign = added.length > 0 ? findForeign(client, portsOf(added)) : Promise.resolve(none);
    // Whoever writes hears of it.
    this.foreign.catch(() => undefined);
    this.lanes = writes.length >= manyWrites ? Lanes.open(client, path) : null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.lanes)?.[Symbol.asyncDispose]();
  }
}
