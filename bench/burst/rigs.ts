import { randomUUID } from 'node:crypto';
import { withLab } from '../../scripts/demo/lab.ts';
import { runIn } from '../../scripts/lab/command.ts';
import { addGuest } from '../../scripts/lab/guest.ts';
import type { Endpoint } from '../../scripts/lab/traffic.ts';
import { startGuest } from '../../test/guest/guest.ts';
import { startKernelSwitch } from '../../test/guest/kernelSwitch.ts';
import type { SwitchTools } from '../../test/support/readSwitch.ts';
import { bridge } from './limiters.ts';

/** A guest and its peer on one bridge; the guest's port is the one to limit. */
export interface Pair {
  readonly port: string;
  readonly guest: Endpoint;
  readonly peer: Endpoint;
}

/** A switch to measure on. */
export interface Rig {
  readonly ovs: SwitchTools;
  /** One that nothing was sent through yet: a bucket is full, and TCP remembers nothing. */
  addPair(mtu: number): Promise<Pair>;
}

export type Datapath = 'userspace' | 'kernel';

export const rigs: Readonly<Record<Datapath, (use: (rig: Rig) => Promise<void>) => Promise<void>>> =
  { userspace: withUserspace, kernel: withKernel };

/** The first guests are the lab's own. */
const firstNumber = 3;

function withUserspace(use: (rig: Rig) => Promise<void>): Promise<void> {
  return withLab(({ ovs }) => {
    let number = firstNumber;
    const add = async (mtu: number) => {
      const guest = await addGuest(ovs, { bridge, portId: randomUUID(), number: number++ });
      await runIn(ovs.netns, 'ip', ['link', 'set', guest.interfaceName, 'mtu', `${mtu}`]);
      await runIn(guest.netns, 'ip', ['link', 'set', 'eth0', 'mtu', `${mtu}`]);
      return guest;
    };
    return use({
      ovs,
      addPair: async (mtu) => {
        const [guest, peer] = [await add(mtu), await add(mtu)];
        return { port: guest.interfaceName, guest, peer };
      },
    });
  });
}

/** In an emulated machine with Debian's kernel: test/guest. Its devices have 1,500. */
async function withKernel(use: (rig: Rig) => Promise<void>): Promise<void> {
  await using machine = await startGuest();
  const ovs = await startKernelSwitch(machine);
  await ovs.addBridge(bridge);
  await use({
    ovs,
    addPair: async () => {
      const [guest, peer] = [await ovs.addPort(bridge), await ovs.addPort(bridge)];
      return { port: guest.interfaceName, guest, peer };
    },
  });
}
