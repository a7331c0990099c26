import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { Device } from './aims.ts';

interface Question {
  readonly marker: string;
  readonly answer: PromiseWithResolvers<string>;
}

/** What is asked of a device. */
export interface DeviceQuestion {
  readonly device: Device;
  readonly show: 'classes' | 'filters';
}

const answerWithinMs = 5_000;
/** What the kernel takes as a name, less what would mean something to tc's batch. */
const plainName = /^[^\s"'#\\/]{1,15}$/;

/** tc takes `if` and an index for a name too (iproute2 lib/ll_map.c), where the name itself cannot stand in a batch. */
function batchName({ name, ifindex }: Device): string | null {
  if (plainName.test(name)) return name;
  return ifindex === null ? null : `if${ifindex}`;
}

/**
 * Reads qdiscs and filters through one long-lived `tc -force -batch -`: Node has no netlink, and a
 * process for each look would cost more than the look. Without -force one device that vanished ends it.
 */
export class TcReader {
  readonly #command: readonly string[];
  #child: ChildProcessWithoutNullStreams | null = null;
  #questions: Question[] = [];
  #output = '';
  #count = 0;
  /** By name, as they were when this child first looked: it never looks again. */
  #known = new Map<string, number | null>();

  constructor(netns: string | null) {
    const batch = ['tc', '-force', '-statistics', '-batch', '-'];
    this.#command = netns === null ? batch : ['ip', 'netns', 'exec', netns, ...batch];
  }

  /** What tc prints for each question, in their order. */
  async ask(questions: readonly DeviceQuestion[]): Promise<readonly string[]> {
    this.#forgetRenewed(questions);
    const timer = setTimeout(
      () => this.#end(`tc did not answer in ${answerWithinMs} ms.`),
      answerWithinMs,
    );
    try {
      return await this.#askTogether(questions);
    } finally {
      clearTimeout(timer);
    }
  }

  /** In one write, however many they are. No command of tc's marks an end; an unknown one is answered with its name, in order. */
  #askTogether(questions: readonly DeviceQuestion[]): Promise<string[]> {
    const { stdin } = this.#running();
    const commands: string[] = [];
    const answers = questions.map(({ device, show }) => {
      const name = batchName(device);
      if (name === null) return `"${device.name}" is no device's name.`;
      const marker = `end-${++this.#count}`;
      const answer = Promise.withResolvers<string>();
      this.#questions.push({ marker, answer });
      const what =
        show === 'classes' ? `class show dev ${name}` : `filter show dev ${name} parent ffff:`;
      commands.push(what, marker);
      return answer.promise;
    });
    if (commands.length > 0) stdin.write(`${commands.join('\n')}\n`);
    return Promise.all(answers);
  }

  close(): void {
    this.#end('tc was ended.');
  }

  /** iproute2 keeps the index that it once found for a name (lib/ll_map.c), also when another device has that name by now. */
  #forgetRenewed(questions: readonly DeviceQuestion[]): void {
    const isRenewed = questions.some(
      ({ device: { name, ifindex } }) => this.#known.has(name) && this.#known.get(name) !== ifindex,
    );
    if (isRenewed) this.close();
    for (const { device } of questions) this.#known.set(device.name, device.ifindex);
  }

  #running(): ChildProcessWithoutNullStreams {
    if (this.#child) return this.#child;
    // One pipe for both streams keeps answers and errors in order.
    const child = spawn('/bin/sh', ['-c', 'exec "$@" 2>&1', 'sh', ...this.#command]);
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#read(child, text));
    // What it said before it ended is read by 'close' only: a broken pipe may be noticed earlier.
    child.stdin.on('error', () => {});
    child.on('error', () => this.#lost(child));
    child.on('close', () => this.#lost(child));
    this.#child = child;
    return child;
  }

  #read(child: ChildProcessWithoutNullStreams, text: string): void {
    if (child !== this.#child) return;
    this.#output += text;
    for (let first = this.#questions[0]; first; first = this.#questions[0]) {
      const end = this.#output.indexOf(`Object "${first.marker}"`);
      if (end < 0) return;
      first.answer.resolve(this.#output.slice(0, end));
      this.#output = this.#output.slice(end + first.marker.length);
      this.#questions.shift();
    }
  }

  #lost(child: ChildProcessWithoutNullStreams): void {
    if (child === this.#child) this.#end(`tc ended: ${this.#output.trim() || 'it said nothing'}`);
  }

  #end(reason: string): void {
    const child = this.#child;
    this.#child = null;
    child?.kill('SIGKILL');
    const questions = this.#questions;
    this.#questions = [];
    this.#output = '';
    this.#known.clear();
    for (const { answer } of questions) answer.reject(new Error(reason));
  }
}
