import { randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { addGuest, type Guest, plug, unplug } from '../../scripts/lab/guest.ts';
import { PrivateSwitch, type PrivateSwitchOptions } from '../../scripts/privateSwitch.ts';

export type { Guest };

/** A real Open vSwitch for one test, and the guests on it. `await using` leaves nothing behind. */
export interface TestSwitch extends AsyncDisposable {
  readonly dir: string;
  readonly netns: string;
  /** The value for SLUICE_OVSDB. */
  readonly ovsdb: string;
  /** The unix socket that takes OpenFlow for a bridge. */
  openflow(bridge: string): string;
  vsctl(...args: string[]): Promise<string>;
  ofctl(...args: string[]): Promise<string>;
  appctl(...args: string[]): Promise<string>;
  addBridge(name: string): Promise<void>;
  /** A guest in a namespace of its own, plugged; `portId` is made up if none is given. */
  addPort(options: { readonly bridge: string; readonly portId?: string }): Promise<Guest>;
  unplug(guest: Guest): Promise<void>;
  plug(guest: Guest): Promise<void>;
  startOvsdb(): Promise<void>;
  startVswitchd(): Promise<void>;
  killOvsdb(): Promise<void>;
  killVswitchd(): Promise<void>;
  /** Ends the daemons, deletes the namespaces and the directory, whatever state they are in. */
  stop(): Promise<void>;
}

/** Starts one with both daemons and no bridge. */
export async function startSwitch(
  options: Pick<PrivateSwitchOptions, 'datapathType'> = {},
): Promise<TestSwitch> {
  const dir = await mkdtemp('/tmp/sluice-');
  const netns = dir.slice('/tmp/'.length);
  const ovs = new PrivateSwitch({ dir, netns, ...options });
  await ovs.start().catch(async (error: unknown) => {
    await ovs.remove();
    throw error;
  });
  return withGuests(ovs);
}

function withGuests(ovs: PrivateSwitch): TestSwitch {
  let guests = 0;
  return {
    dir: ovs.dir,
    netns: ovs.netns,
    ovsdb: ovs.ovsdb,
    openflow: (bridge) => ovs.openflow(bridge),
    vsctl: (...args) => ovs.vsctl(...args),
    ofctl: (...args) => ovs.ofctl(...args),
    appctl: (...args) => ovs.appctl(...args),
    addBridge: (name) => ovs.addBridge(name),
    addPort: ({ bridge, portId = randomUUID() }) => {
      guests += 1;
      return addGuest(ovs, { bridge, portId, number: guests });
    },
    unplug: (guest) => unplug(ovs, guest),
    plug: (guest) => plug(ovs, guest),
    startOvsdb: () => ovs.startOvsdb(),
    startVswitchd: () => ovs.startVswitchd(),
    killOvsdb: () => ovs.killOvsdb(),
    killVswitchd: () => ovs.killVswitchd(),
    stop: () => ovs.remove(),
    [Symbol.asyncDispose]: () => ovs.remove(),
  };
}
