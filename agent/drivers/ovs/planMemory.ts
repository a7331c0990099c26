import type { Aim, Check } from './aims.ts';
import { Memo } from './memo.ts';
import { MeterRecords } from './meterRecords.ts';
import type { BridgeAbilities, BridgeView } from './observe.ts';
import type { PortPlan } from './planPort.ts';
import type { WantedFlows } from './wantedFlows.ts';

/** What the parts of a plan were decided to be, so that the next plan decides only what may be different. */
export class PlanMemory {
  /** By port id, and by interface where no rule names the port. */
  readonly ports = new Memo<PortPlan>();
  readonly flows = new Memo<WantedFlows>();
  readonly checks = new Memo<readonly Check[]>();
  readonly aims = new Memo<Aim>();
  readonly #abilities = new Memo<BridgeAbilities>();
  readonly #records = new Map<string, MeterRecords>();

  abilities({ row, openflow, physicalPorts }: BridgeView): BridgeAbilities {
    const { name, datapath_type } = row;
    const inputs = openflow.state === 'known' ? [openflow.features] : [openflow.reason];
    return this.#abilities.answer(name, [datapath_type, ...inputs, ...physicalPorts], () => ({
      row: { name, datapath_type },
      physicalPorts,
      openflow:
        openflow.state === 'known' ? { state: 'known', features: openflow.features } : openflow,
    }));
  }

  /** The meters that a bridge has on record. */
  records({ row }: BridgeView): MeterRecords {
    const known = this.#records.get(row._uuid);
    if (known?.isOf(row.external_ids)) return known;
    const records = new MeterRecords(row.external_ids, known);
    this.#records.set(row._uuid, records);
    return records;
  }

  /** The plan is made. */
  sweep(bridges: Iterable<BridgeView>): void {
    for (const memo of [this.ports, this.flows, this.checks, this.aims, this.#abilities])
      memo.sweep();
    const uuids: ReadonlySet<string> = new Set([...bridges].map(({ row }) => row._uuid));
    for (const uuid of this.#records.keys()) if (!uuids.has(uuid)) this.#records.delete(uuid);
  }
}
