import type { Device } from './aims.ts';
import { unknownCommand } from './tcOutput.ts';

/** What is asked of a device. */
export interface DeviceQuestion {
  readonly device: Device;
  readonly show: 'classes' | 'filters';
}

/** Questions as tc is asked them. */
export interface TcBatch {
  readonly commands: Buffer;
  /** Which of the questions these are, in their order; the others name no device. */
  readonly asked: readonly number[];
}

/** What the kernel takes as a name, less what would mean something to tc's batch. */
const plainName = /^[^\s"'#\\/]{1,15}$/;

/** No command of tc's marks an end; an unknown one is answered with its name, in order. */
export function batchOf(questions: readonly DeviceQuestion[]): TcBatch {
  const asked: number[] = [];
  const lines: string[] = [];
  for (const [index, { device, show }] of questions.entries()) {
    const name = batchName(device);
    if (name === null) continue;
    asked.push(index);
    const what =
      show === 'classes' ? `class show dev ${name}` : `filter show dev ${name} parent ffff:`;
    lines.push(what, unknownCommand);
  }
  return { commands: Buffer.from(lines.map((line) => `${line}\n`).join('')), asked };
}

/** tc takes `if` and an index for a name too (iproute2 lib/ll_map.c), where the name itself cannot stand in a batch. */
function batchName({ name, ifindex }: Device): string | null {
  if (plainName.test(name)) return name;
  return ifindex === null ? null : `if${ifindex}`;
}
