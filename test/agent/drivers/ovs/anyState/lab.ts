import fc from 'fast-check';
import { plainFlow } from '../../../../../agent/drivers/ovs/flows.ts';
import {
  bridges as bridgeTable,
  type Database,
  followed,
  interfaces,
  type PortRow,
  ports,
} from '../../../../../agent/drivers/ovs/tables.ts';
import { TcReader } from '../../../../../agent/drivers/ovs/tc.ts';
import { connectOpenFlow, type OpenFlowClient } from '../../../../../agent/openflow/client.ts';
import { addFlow, deleteFlows } from '../../../../../agent/openflow/flows.ts';
import type { Message } from '../../../../../agent/openflow/message.ts';
import { deleteMeter } from '../../../../../agent/openflow/meters.ts';
import { OvsdbClient } from '../../../../../agent/ovsdb/client.ts';
import { transactAndSettle } from '../../../../../agent/ovsdb/currentCfg.ts';
import { NamedUuid } from '../../../../../agent/ovsdb/notation.ts';
import {
  insert,
  isRow,
  type Operation,
  remove,
  update,
} from '../../../../../agent/ovsdb/operations.ts';
import { createLog } from '../../../../../lib/log.ts';
import { run, runIn } from '../../../../../scripts/lab/command.ts';
import { eventually } from '../../../../support/eventually.ts';
import { startSwitch, type TestSwitch } from '../../../../support/ovs.ts';
import type { Datapath, Uplink } from './datapaths.ts';
import { readKernel } from './kernel.ts';
import { type FullReading, type Reading, readAll, readFlow, readMeter } from './reading.ts';

export const bridgeNames = ['br0', 'br1'] as const;
export const portCount = 5;
const portNumbers = Array.from({ length: portCount }, (_, n) => n + 1);
/** Each port has a device of its own and one to be bonded with. */
const portDevices = portNumbers.flatMap((n) => [deviceOf(n), `${deviceOf(n)}b`]);

/** Of a guest's port. */
export const portNumber = fc.integer({ min: 1, max: portCount });

export function portIdOf(n: number): string {
  return `aaaaaaaa-0000-4000-8000-00000000000${n}`;
}

/** Of a guest's port, or of an uplink. */
export function deviceOf(n: number): string {
  return isUplink(n) ? `up${n}` : `v${n}`;
}

export function isUplink(n: number): boolean {
  return n > portCount;
}

/** The number of a guest's port, or of an uplink. */
export function anyPort({ uplinks }: Datapath): fc.Arbitrary<number> {
  return fc.integer({ min: 1, max: portCount + uplinks.length });
}

export function portNamed(name: string, { Port }: Database): PortRow | undefined {
  return Port.values().find((row) => row.name === name);
}

/** A switch with two bridges that cases are made on, one after the other, and hands to write on it past everybody. */
export class Lab implements AsyncDisposable {
  readonly ovs: TestSwitch;
  readonly datapath: Datapath;
  readonly #tc: TcReader;
  readonly #database: OvsdbClient<typeof followed>;
  readonly #openflow = new Map<string, OpenFlowClient>();
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  private constructor(ovs: TestSwitch, datapath: Datapath) {
    this.ovs = ovs;
    this.datapath = datapath;
    this.#tc = new TcReader(ovs.netns);
    this.#database = new OvsdbClient({
      remote: ovs.ovsdb,
      database: 'Open_vSwitch',
      tables: followed,
      log: createLog('test', 'silent', 'json'),
    });
    this.#running = this.#database.run(this.#stop.signal);
  }

  static async open(datapath: Datapath): Promise<Lab> {
    const lab = new Lab(await startSwitch({ datapathType: datapath.type }), datapath);
    try {
      await lab.#build();
      return lab;
    } catch (error) {
      await lab[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The database as it is now; read it before the next await. */
  get rows(): Database {
    const { contents } = this.#database.replica;
    if (!contents) throw new Error('The lab’s database is not known.');
    return contents;
  }

  /** Writes, and waits until vswitchd has dealt with it. */
  async transact(operations: readonly Operation[]): Promise<void> {
    await transactAndSettle(this.#database, operations, 10_000);
  }

  /** Resolves when vswitchd has dealt with whatever was written before. */
  settle(): Promise<void> {
    return this.transact([]);
  }

  /** Sends OpenFlow; what the switch refuses is thrown. */
  async send(bridge: string, messages: readonly Message[]): Promise<void> {
    const errors = await this.#client(bridge).batch(messages);
    for (const error of errors) if (error) throw error;
  }

  /** All flows and meters of a bridge. */
  async openflow(bridge: string) {
    const client = this.#client(bridge);
    const [flows, meters] = await Promise.all([
      client.dumpFlows({ cookie: 0n, mask: 0n }),
      client.dumpMeters(),
    ]);
    return { flows: flows.map(plainFlow), meters };
  }

  /** By tc; what is about nothing that is there does nothing. */
  async tc(commands: readonly string[]): Promise<void> {
    const input = commands.map((command) => `${command}\n`).join('');
    // With -force it goes on after what failed, and fails for it in the end.
    await runIn(this.ovs.netns, 'sh', ['-c', 'tc -force -batch - 2>/dev/null || true'], { input });
  }

  /** Five ports on the first bridge, the uplinks where they belong, and nothing else. */
  async reset(): Promise<void> {
    await this.transact(this.#pristine());
    await this.tc(
      this.#devices.flatMap((each) => [
        `qdisc del dev ${each} root`,
        `qdisc del dev ${each} ingress`,
      ]),
    );
    for (const bridge of bridgeNames) {
      const meters = await this.#client(bridge).dumpMeters();
      await this.send(bridge, [
        deleteFlows({ cookie: 0n, mask: 0n }),
        ...meters.map(({ id }) => deleteMeter(id)),
        addFlow({ cookie: 0n, table: 0, priority: 0, match: {}, meter: null, actions: [normal] }),
      ]);
    }
  }

  /** By the switch's own tools. */
  read(): Promise<FullReading> {
    return readAll(this.ovs, bridgeNames, this.#tc);
  }

  /** The same in a hundredth of the time, for a look in between, once vswitchd has dealt with what was written. */
  async look(): Promise<Reading> {
    await this.settle();
    const rows = Object.fromEntries(
      Object.entries(this.rows).map(([name, table]) => [name, new Map<unknown, unknown>(table)]),
    ) as unknown as Database;
    const dumps = await Promise.all(
      bridgeNames.map(async (bridge) => {
        const { flows, meters } = await this.openflow(bridge);
        return { bridge, flows: flows.map(readFlow), meters: meters.map(readMeter) };
      }),
    );
    return {
      rows,
      flows: new Map(dumps.map(({ bridge, flows }) => [bridge, flows])),
      meters: new Map(dumps.map(({ bridge, meters }) => [bridge, meters])),
      kernel: await readKernel(this.#tc, rows),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
    this.#tc.close();
    for (const client of this.#openflow.values()) await client.close();
    await this.ovs.stop();
  }

  async #build(): Promise<void> {
    for (const bridge of bridgeNames) await this.ovs.addBridge(bridge);
    const links = this.#devices.map(
      (name) => `link add ${name} type veth peer name ${name}p\nlink set ${name} up\n`,
    );
    await run('ip', ['-n', this.ovs.netns, '-batch', '-'], { input: links.join('') });
    await eventually(() => this.rows);
    for (const bridge of bridgeNames) {
      this.#openflow.set(bridge, await connectOpenFlow(this.ovs.openflow(bridge)));
    }
  }

  get #devices(): readonly string[] {
    return [...portDevices, ...this.datapath.uplinks.map(({ port }) => deviceOf(port))];
  }

  #client(bridge: string): OpenFlowClient {
    const client = this.#openflow.get(bridge);
    if (!client) throw new Error(`The lab has no bridge ${bridge}.`);
    return client;
  }

  /** Every row anew but the bridges and their own ports. */
  #pristine(): Operation[] {
    const made = [
      ...portNumbers.map((n) => ({ bridge: 'br0', ...plugged(n) })),
      ...this.datapath.uplinks.map((uplink) => ({ bridge: uplink.bridge, ...uplinked(uplink) })),
      ...(this.datapath.uplinks.length > 0 ? patched() : []),
    ];
    return [
      // What a port names cannot go, also if the port goes with it.
      update(ports, [], { qos: null }),
      ...[...this.rows.Bridge.values()].map((row) => {
        const own = [...row.ports].filter((uuid) => this.rows.Port.get(uuid)?.name === row.name);
        const added = made.filter(({ bridge }) => bridge === row.name).map(({ port }) => port);
        return update(bridgeTable, [isRow(row._uuid)], {
          ports: [...own, ...added],
          external_ids: new Map(),
        });
      }),
      ...made.flatMap(({ operations }) => operations),
      remove(followed.QoS, []),
      remove(followed.Queue, []),
    ];
  }
}

/** NORMAL: struct ofp_action_output with OFPP_NORMAL. */
const normal = { type: 'output', port: 0xffff_fffa } as const;

/** A port's row in the transaction that makes it. */
interface Made {
  readonly port: NamedUuid;
  readonly operations: readonly Operation[];
}

function plugged(n: number): Made {
  return portWith({ name: deviceOf(n), external_ids: new Map([['iface-id', portIdOf(n)]]) });
}

function uplinked({ port }: Uplink): Made {
  return portWith({ name: deviceOf(port) });
}

/** The two bridges, to each other. */
function patched(): (Made & { readonly bridge: string })[] {
  return [
    {
      bridge: 'br0',
      ...portWith({ name: 'to1', type: 'patch', options: new Map([['peer', 'to0']]) }),
    },
    {
      bridge: 'br1',
      ...portWith({ name: 'to0', type: 'patch', options: new Map([['peer', 'to1']]) }),
    },
  ];
}

function portWith(
  row: Parameters<typeof insert<typeof interfaces.columns>>[1] & { readonly name: string },
): Made {
  const [port, named] = [new NamedUuid(`port${row.name}`), new NamedUuid(`interface${row.name}`)];
  return {
    port,
    operations: [
      insert(interfaces, row, named),
      insert(ports, { name: row.name, interfaces: [named] }, port),
    ],
  };
}
