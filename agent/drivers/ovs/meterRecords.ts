import type { MeterUnit } from '../../openflow/meters.ts';
import { type MeterRecord, meterKey, meterRecord } from './ids.ts';

/** The meters that a bridge's external_ids record. A record that is as before is the same object as before. */
export class MeterRecords {
  readonly #externalIds: ReadonlyMap<string, string>;
  readonly #byKey = new Map<string, MeterRecord>();

  constructor(externalIds: ReadonlyMap<string, string>, before?: MeterRecords) {
    this.#externalIds = externalIds;
    for (const [key, value] of externalIds) {
      const known = before === undefined ? undefined : before.#byKey.get(key);
      const record = known?.meterId === Number(value) ? known : meterRecord(key, value);
      if (record) this.#byKey.set(key, record);
    }
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
}
