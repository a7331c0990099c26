import type { OpenFlowWrite } from './aims.ts';
import type { BridgeContents } from './bridgeContents.ts';
import { cookieOf } from './ids.ts';
import { meterOf } from './openflowWrites.ts';

interface Read {
  readonly meterIds: ReadonlySet<number>;
  readonly cookies: ReadonlySet<bigint>;
  readonly contents: Promise<BridgeContents>;
}

const noMeter = new Set([0]);

/** What was asked for right behind the last writes, for whoever reads them back: once, for later it would be old. */
export class ReadBehind {
  #last: Read | null = null;

  /** These writes were just sent: reads the meters that they are about, with their flows. */
  follow(
    writes: readonly OpenFlowWrite[],
    read: (meterIds: readonly number[], cookies: readonly bigint[]) => Promise<BridgeContents>,
  ): void {
    const about = new Set(writes.map(meterOf));
    const cookies = new Set([...about].map((meterId) => cookieOf(meterId)));
    const meterIds = about.difference(noMeter);
    const contents = read([...meterIds], [...cookies]);
    // Whoever takes it hears of it.
    contents.catch(() => undefined);
    this.#last = { meterIds, cookies, contents };
  }

  /** Null: it does not have all of these. */
  take(meterIds: readonly number[], cookies: readonly bigint[]): Promise<BridgeContents> | null {
    const last = this.#last;
    this.#last = null;
    const hasAll =
      last !== null &&
      meterIds.every((id) => last.meterIds.has(id)) &&
      cookies.every((cookie) => last.cookies.has(cookie));
    return hasAll ? last.contents : null;
  }

  forget(): void {
    this.#last = null;
  }
}
