import type { MeterUnit } from '../../openflow/meters.ts';
import { isMeterKey, type MeterRecord, meterKey, meterRecord } from './ids.ts';

/** What the switch tells about recorded meters. */
export interface MeterFacts {
  /** There can be a meter of that id. */
  canBe(meterId: number): boolean;
  /** The meter holds the record's port. */
  holds(record: MeterRecord): boolean;
}

/** The meters that a bridge's external_ids record. A record that is as before is the same object as before. */
export class MeterRecords {
  readonly #externalIds: ReadonlyMap<string, string>;
  readonly #byKey = new Map<string, MeterRecord>();
  readonly #void: string[] = [];
  #owners: ReadonlyMap<number, string> | null = null;

  constructor(externalIds: ReadonlyMap<string, string>, before?: MeterRecords) {
    this.#externalIds = externalIds;
    for (const [key, value] of externalIds) {
      const known = before === undefined ? undefined : before.#byKey.get(key);
      const record = known && String(known.meterId) === value ? known : meterRecord(key, value);
      if (record) this.#byKey.set(key, record);
      else if (isMeterKey(key)) this.#void.push(key);
    }
  }

  /** Keys of records that name no meter. */
  get void(): readonly string[] {
    return this.#void;
  }

  /**
   * These records, where no two name one meter, and each one that can be: should somebody have copied one,
   * the meter is the port's whose flow it holds now, else the first one's, and the copies name none.
   */
  settled({ canBe, holds }: MeterFacts): MeterRecords {
    const owners = new Map<number, MeterRecord>();
    for (const record of this.all()) {
      if (!canBe(record.meterId)) continue;
      if (!owners.has(record.meterId) || holds(record)) owners.set(record.meterId, record);
    }
    if (owners.size === this.#byKey.size) return this;
    const settled = new MeterRecords(new Map());
    settled.#void.push(...this.#void);
    for (const record of this.all()) {
      if (owners.get(record.meterId) === record) settled.#byKey.set(record.key, record);
      else settled.#void.push(record.key);
    }
    return settled;
  }

  /** No two name one meter. */
  get areDistinct(): boolean {
    return this.#byMeter().size === this.#byKey.size;
  }

  /** The port that a meter is on record for; null: for none. */
  ownerOf(meterId: number): string | null {
    return this.#byMeter().get(meterId) ?? null;
  }

  /** Read from these very external_ids. */
  isOf(externalIds: ReadonlyMap<string, string>): boolean {
    return externalIds === this.#externalIds;
  }

  all(): IteratorObject<MeterRecord> {
    return this.#byKey.values();
  }

  has(record: MeterRecord): boolean {
    return this.#byKey.get(record.key) === record;
  }

  get(unit: MeterUnit, portId: string): MeterRecord | undefined {
    return this.#byKey.get(meterKey(unit, portId));
  }

  #byMeter(): ReadonlyMap<number, string> {
    this.#owners ??= new Map(this.all().map(({ meterId, portId }) => [meterId, portId]));
    return this.#owners;
  }
}
