import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { type Frame, FrameSplitter, messageType } from '../../agent/openflow/message.ts';
import { JsonFramer } from '../../agent/ovsdb/framing.ts';
import type { TestSwitch } from './ovs.ts';

export interface GateOptions {
  /** So many writes get through; at the next one every connection is cut, and nobody comes in again. */
  readonly allowed?: number;
  /** Awaited after each write, once the switch has dealt with it and before the next one goes on. */
  readonly onWrite?: (write: string) => Promise<void>;
}

/**
 * Stands between a driver and its switch, and sees on the sockets what the driver writes: OVSDB
 * transactions with anything but `wait` and `select` in them, and OpenFlow's flow and meter mods.
 * They go through one at a time, in the order of their coming.
 */
export class WriteGate implements AsyncDisposable {
  /** The value for SLUICE_OVSDB. */
  readonly ovsdb: string;
  /** What was written so far, each as a line to read. */
  readonly writes: string[] = [];
  readonly #dir: string;
  readonly #options: GateOptions;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  #turn: Promise<void> = Promise.resolve();
  #isCut = false;
  #fault: { readonly error: unknown } | null = null;

  private constructor(dir: string, options: GateOptions) {
    this.#dir = dir;
    this.#options = options;
    this.ovsdb = `unix:${dir}/db.sock`;
  }

  static async open(
    ovs: TestSwitch,
    bridges: readonly string[],
    options: GateOptions = {},
  ): Promise<WriteGate> {
    const gate = new WriteGate(`${ovs.dir}/gate`, options);
    await mkdir(gate.#dir, { recursive: true });
    await gate.#listen('db.sock', ovs.ovsdb.slice('unix:'.length), relayOvsdb);
    for (const bridge of bridges) {
      await gate.#listen(`${bridge}.mgmt`, ovs.openflow(bridge), relayOpenFlow);
    }
    return gate;
  }

  /** True when a write was refused passage. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** Throws what `onWrite` threw. */
  rethrow(): void {
    if (this.#fault) throw this.#fault.error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#cut();
    await this.#turn;
    await rm(this.#dir, { recursive: true, force: true });
  }

  /** Lets a write through when it is its turn. `pass` resolves when the switch has dealt with it. */
  write(line: string, pass: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(async () => {
      if (this.writes.length >= (this.#options.allowed ?? Number.POSITIVE_INFINITY)) this.#cut();
      if (this.#isCut) return;
      this.writes.push(line);
      await pass();
      await this.#look(line);
    });
    this.#turn = turn;
    return turn;
  }

  async #look(line: string): Promise<void> {
    try {
      await this.#options.onWrite?.(line);
    } catch (error) {
      this.#fault ??= { error };
    }
  }

  async #listen(name: string, target: string, relay: Relay): Promise<void> {
    const server = createServer((client) => {
      const upstream = connect(target);
      for (const socket of [client, upstream]) this.#join(socket, [client, upstream]);
      relay(client, upstream, this);
    });
    server.listen(`${this.#dir}/${name}`);
    await once(server, 'listening');
    this.#servers.push(server);
  }

  #join(socket: Socket, pair: readonly Socket[]): void {
    this.#sockets.add(socket);
    const end = () => {
      for (const each of pair) each.destroy();
      this.#sockets.delete(socket);
    };
    socket.on('error', end).on('close', end);
  }

  #cut(): void {
    this.#isCut = true;
    for (const server of this.#servers.splice(0)) server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

type Relay = (client: Socket, upstream: Socket, gate: WriteGate) => void;

/** Answers that somebody waits for, by the id of their question; all come when the socket has gone. */
class Answers {
  readonly #waiting = new Map<number, () => void>();
  readonly #upstream: Socket;

  constructor(upstream: Socket) {
    this.#upstream = upstream;
    upstream.on('close', () => {
      for (const resolve of this.#waiting.values()) resolve();
    });
  }

  to(id: number): Promise<void> {
    if (this.#upstream.destroyed) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  /** True when somebody waited for it. */
  came(id: unknown): boolean {
    const resolve = this.#waiting.get(id as number);
    this.#waiting.delete(id as number);
    resolve?.();
    return resolve !== undefined;
  }
}

/** RFC 7047 §4.1.3: the operations of a `transact` follow the name of its database. */
function relayOvsdb(client: Socket, upstream: Socket, gate: WriteGate): void {
  const [toServer, toClient] = [new JsonFramer(), new JsonFramer()];
  const answers = new Answers(upstream);
  const lane = new Lane();
  client.on('data', (chunk: Buffer) => {
    for (const { json } of toServer.push(chunk)) {
      const message = json as JsonRpc;
      const pass = () => upstream.write(JSON.stringify(message));
      const writes = operationsOf(message).filter(isWrite);
      if (writes.length === 0) lane.pass(pass);
      else {
        lane.pass(() =>
          gate.write(`OVSDB ${JSON.stringify(writes)}`, () => {
            const answer = answers.to(Number(message.id));
            pass();
            return answer;
          }),
        );
      }
    }
  });
  upstream.on('data', (chunk: Buffer) => {
    client.write(chunk);
    for (const { json } of toClient.push(chunk)) {
      const { id, method } = json as JsonRpc;
      if (!method) answers.came(id);
    }
  });
}

interface JsonRpc {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: readonly unknown[];
}

interface Operation {
  readonly op?: string;
}

function operationsOf({ method, params = [] }: JsonRpc): readonly Operation[] {
  return method === 'transact' ? (params.slice(1) as Operation[]) : [];
}

const isWrite = ({ op = '' }: Operation) => !['wait', 'select', 'comment', 'assert'].includes(op);

/** Of no batch of the client's: a barrier that is the gate's own. */
const gateXid = 0xfffe_0000;

/** OpenFlow says nothing of a mod that it took: a barrier of the gate's own follows each (§6.2). */
function relayOpenFlow(client: Socket, upstream: Socket, gate: WriteGate): void {
  const [toSwitch, toClient] = [new FrameSplitter(), new FrameSplitter()];
  const answers = new Answers(upstream);
  const lane = new Lane();
  let count = 0;
  client.on('data', (chunk: Buffer) => {
    for (const frame of toSwitch.push(chunk)) {
      const pass = () => upstream.write(bytesOf(frame));
      if (!isMod(frame)) lane.pass(pass);
      else {
        lane.pass(() =>
          gate.write(`OpenFlow ${frame.type} ${frame.body.toString('hex')}`, () => {
            count += 1;
            const answer = answers.to(gateXid + count);
            pass();
            upstream.write(bytesOf(barrier(gateXid + count)));
            return answer;
          }),
        );
      }
    }
  });
  upstream.on('data', (chunk: Buffer) => {
    for (const frame of toClient.push(chunk)) {
      if (!answers.came(frame.xid)) client.write(bytesOf(frame));
    }
  });
}

function isMod({ type }: Frame): boolean {
  return type === messageType.flowMod || type === messageType.meterMod;
}

function barrier(xid: number): Frame {
  return { version: 4, type: messageType.barrierRequest, xid, body: Buffer.alloc(0) };
}

function bytesOf({ version, type, xid, body }: Frame): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(version, 0);
  header.writeUInt8(type, 1);
  header.writeUInt16BE(8 + body.length, 2);
  header.writeUInt32BE(xid, 4);
  return Buffer.concat([header, body]);
}

/** What one connection sends goes on in its order, also when a write among it has to wait. */
class Lane {
  #last: Promise<unknown> = Promise.resolve();

  pass(send: () => unknown): void {
    this.#last = this.#last.then(send);
  }
}
