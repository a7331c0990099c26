import { aborted, socketsServed } from '../../../lib/lifecycle.ts';
import { OvsdbClient } from '../../ovsdb/client.ts';
import type { Desired, DirectionResult, Driver, DriverOptions, Usage } from '../driver.ts';
import type { OvsPlan } from './aims.ts';
import { applyPlan, directionKey, type Failures } from './apply.ts';
import { BridgeLinks, mostBridges } from './bridgeLinks.ts';
import { describeCapabilities } from './capabilities.ts';
import type { HostCapabilities, KernelCapabilities } from './hostCapabilities.ts';
import { probeKernel } from './kernelProbe.ts';
import { KernelWatch } from './kernelWatch.ts';
import { LostLimits } from './lostLimits.ts';
import { Memo } from './memo.ts';
import { type DatabaseView, type OvsObservation, observation, viewDatabase } from './observe.ts';
import type { PhysicalPort } from './physicalPorts.ts';
import { Planner } from './planner.ts';
import type { Slot } from './ports.ts';
import { LimitReader } from './readBack.ts';
import { type BridgeRow, followed } from './tables.ts';
import { TcReader } from './tc.ts';
import { UsageReader } from './usage.ts';

export function createDriver(options: DriverOptions): Driver<OvsObservation, OvsPlan> {
  return new OvsDriver(options);
}

/** Of ovsdb-server's (RFC 7047 §4.1.8): one program at a time changes a switch for Sluice. */
const switchLock = 'sluice_agent';
const heldElsewhere = `Another Sluice agent holds this switch (OVSDB's lock ${switchLock}): until it has ended, this one changes nothing.`;

/** A kernel that was tried so lately need not be tried again: at the agent's start its links come up at once. */
const probeFreshMs = 1_000;

/** Holds limits on an Open vSwitch: queues and policers through its database, meters and marks by OpenFlow. */
class OvsDriver implements Driver<OvsObservation, OvsPlan> {
  readonly name = 'ovs';
  readonly #options: DriverOptions;
  readonly #database: OvsdbClient<typeof followed>;
  readonly #links: BridgeLinks;
  readonly #tc: TcReader;
  readonly #watch: KernelWatch;
  readonly #reader: LimitReader;
  readonly #usage: UsageReader;
  readonly #lost = new LostLimits(() => performance.now());
  readonly #readsBack = Promise.withResolvers<void>();
  readonly #listeners: (() => void)[] = [];
  /** Void with every change in the database: a look takes longer than most changes. */
  #view: DatabaseView | null = null;
  readonly #hostMemo = new Memo<HostCapabilities>();
  readonly #viewMemory = { slots: new Memo<Slot>(), physicalPorts: new Memo<PhysicalPort>() };
  readonly #planner = new Planner();
  #kernel: KernelCapabilities | null = null;
  #probedAtMs: number | null = null;
  #capabilities: Readonly<Record<string, unknown>> | null = null;
  #failures: Failures = new Map();

  constructor(options: DriverOptions) {
    this.#options = options;
    this.#database = new OvsdbClient({
      remote: options.ovsdb,
      database: 'Open_vSwitch',
      tables: followed,
      lock: options.changes ? switchLock : undefined,
      onLock: () => this.#announce(),
      log: options.log,
    });
    this.#links = new BridgeLinks(options.ovsdb, {
      onChange: () => this.#announce(),
      onConnect: () => this.#onConnect(),
      patienceMs: options.patienceMs,
    });
    this.#tc = new TcReader(options.ovsNetns);
    this.#watch = new KernelWatch({
      netns: options.ovsNetns,
      onChange: (devices) => {
        if (this.#reader.forget(devices)) this.#announce();
      },
    });
    this.#reader = new LimitReader({
      tc: this.#tc,
      links: this.#links,
      nowMs: () => performance.now(),
    });
    this.#usage = new UsageReader({
      tc: this.#tc,
      links: this.#links,
      isUserspace: (bridge) => this.#isUserspace(bridge),
      nowMs: () => performance.now(),
      onSeen: (sights) => {
        if (this.#reader.confirm(sights)) this.#announce();
      },
    });
    this.#database.replica.onChange((tables) => this.#onDatabaseChange(tables));
  }

  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([
      this.#database.run(signal),
      this.#links.run(signal),
      this.#watchKernel(signal),
    ]);
    this.#tc.close();
  }

  /** Before the first limits are read back: from then on nobody changes them unheard. To start a child takes milliseconds. */
  async #watchKernel(signal: AbortSignal): Promise<void> {
    await Promise.race([this.#readsBack.promise, aborted(signal)]);
    if (!signal.aborted) await this.#watch.run(signal);
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  capabilities(): Readonly<Record<string, unknown>> | null {
    return this.#capabilities;
  }

  obstacle(): string | null {
    const { fault } = this.#database;
    if (fault !== null) return `OVSDB cannot be reached: ${fault.replace(/\.?$/, '.')}`;
    if (this.#database.replica.contents && !this.#database.holdsLock) return heldElsewhere;
    const { tooMany, unserved } = this.#links;
    if (tooMany !== null) {
      return `The switch has ${tooMany} bridges, and ${mostBridges} at most are followed: name those that matter (SLUICE_BRIDGES).`;
    }
    if (unserved === null) return null;
    return `ovs-vswitchd does not run: nobody serves OpenFlow in ${unserved}.`;
  }

  expectChange(): void {
    this.#links.nudge();
  }

  async observe(): Promise<OvsObservation | null> {
    const { contents } = this.#database.replica;
    const host = this.#host();
    if (!contents) return null;
    this.#view ??= viewDatabase(contents, this.#options, this.#viewMemory);
    if (!host) return null;
    const observed = observation({
      database: this.#view,
      host,
      lost: this.#lost.rows,
      policedInVain: this.#lost.policedInVain,
      openflow: (bridge) => this.#links.get(bridge)?.view ?? null,
    });
    if (observed) this.#capabilities = describeCapabilities(host, [...observed.bridges.values()]);
    return observed;
  }

  plan(desired: Desired, observed: OvsObservation): OvsPlan {
    return this.#planner.plan(desired, observed);
  }

  async apply(plan: OvsPlan): Promise<void> {
    if (!this.#database.holdsLock) {
      this.#failures = new Map(plan.changes.map((each) => [directionKey(each), heldElsewhere]));
      return;
    }
    const startedAtMs = performance.now();
    this.#failures = await applyPlan(plan, { database: this.#database, links: this.#links });
    this.#usage.applied(plan, startedAtMs);
    this.#lost.retried();
  }

  async readBack(plan: OvsPlan): Promise<readonly DirectionResult[]> {
    this.#readsBack.resolve();
    const failures = plan.changes.length > 0 ? this.#failures : new Map<string, string>();
    const read = await this.#reader.read(plan, failures);
    this.#usage.follow(plan);
    if (this.#lost.note(read)) this.#announce();
    return read.results;
  }

  usage(): Promise<readonly Usage[]> {
    return this.#usage.read();
  }

  #onDatabaseChange(tables: ReadonlySet<string>): void {
    const { contents } = this.#database.replica;
    if (contents) this.#links.follow(this.#bridgeNames([...contents.Bridge.values()]));
    if (contents && this.#probedAtMs === null) void this.#probe();
    // Every settled transaction moves the configuration numbers, which alone are no reason to look.
    if (tables.size === 1 && tables.has('Open_vSwitch')) return;
    this.#view = null;
    this.#announce();
  }

  #bridgeNames(rows: readonly BridgeRow[]): string[] {
    const { bridges } = this.#options;
    return rows.map(({ name }) => name).filter((name) => bridges?.includes(name) ?? true);
  }

  #isUserspace(bridge: string): boolean {
    const rows = this.#database.replica.contents?.Bridge.values() ?? [];
    return [...rows].some(
      ({ name, datapath_type }) => name === bridge && datapath_type === 'netdev',
    );
  }

  /** What the kernel can do may change with a restart of the switch, which is when modules get loaded. */
  #onConnect(): void {
    this.#lost.reset();
    this.#announce();
    if (performance.now() - (this.#probedAtMs ?? 0) > probeFreshMs) void this.#probe();
  }

  /** Once the switch has spoken, and what it said is dealt with: to start a child takes milliseconds. */
  async #probe(): Promise<void> {
    this.#probedAtMs = performance.now();
    await socketsServed();
    this.#kernel = await probeKernel();
    this.#lost.reset();
    this.#announce();
  }

  #host(): HostCapabilities | null {
    const [row] = this.#database.replica.contents?.Open_vSwitch.values() ?? [];
    if (!this.#kernel || !row) return null;
    const host: HostCapabilities = {
      // The database has what some start script wrote; after an upgrade that need not be what runs.
      ovsVersion: this.#links.version ?? row.ovs_version,
      tcHtb: this.#kernel.tcHtb,
      tcPolice: this.#kernel.tcPolice,
      policesPackets: this.#database.offers('Interface', 'ingress_policing_kpkts_rate'),
      egressMechanism: this.#options.egressMechanism,
    };
    return this.#hostMemo.answer('', Object.values(host), () => host);
  }

  #announce(): void {
    for (const listener of this.#listeners) listener();
  }
}
