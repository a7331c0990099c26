import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { findHome } from '../../src/db/embedded/home.ts';
import { addGuest, type Guest } from '../lab/guest.ts';
import { PrivateSwitch } from '../privateSwitch.ts';

/** What the demo runs on: a folder, a switch and two guests of its own. */
export interface Lab {
  /** The server's and the agent's data folder. */
  readonly data: string;
  readonly ovs: PrivateSwitch;
  /** The guest whose port gets the rules. */
  readonly guest: Guest;
  readonly peer: Guest;
}

/** Builds the lab, lets `use` work in it and takes all of it away again, whatever happens. */
export async function withLab<T>(use: (lab: Lab) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'sluice-demo-'));
  // PostgreSQL's user passes through it to the database.
  await chmod(dir, 0o711);
  const data = join(dir, 'data');
  const ovs = new PrivateSwitch({ dir: join(dir, 'switch'), netns: basename(dir) });
  try {
    await ovs.start();
    await ovs.addBridge('br0');
    const [guest, peer] = [await plugged(ovs, 1), await plugged(ovs, 2)];
    return await use({ data, ovs, guest, peer });
  } finally {
    await ovs.remove();
    await removeDatabase(data);
    await rm(dir, { recursive: true, force: true });
  }
}

function plugged(ovs: PrivateSwitch, number: number): Promise<Guest> {
  return addGuest(ovs, { bridge: 'br0', portId: randomUUID(), number });
}

/** The database is not in the data folder where PostgreSQL's user cannot reach the project's files. */
async function removeDatabase(data: string): Promise<void> {
  const { cluster } = await findHome(data);
  await rm(dirname(cluster), { recursive: true, force: true });
}
