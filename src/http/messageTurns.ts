import type { WebSocket } from 'ws';

/** Messages of one socket that are taken in one turn of the loop. */
const most = 20;

/**
 * Hands on a socket's messages, a few in each turn of the loop: what comes together from one client would hold all
 * others up. Nothing more is read while some wait, so those are what the last read had brought. (ws's own
 * `allowSynchronousEvents: false` is for every message of every socket: ten thousand agents' heartbeats cost a
 * quarter more by it.)
 */
export class MessageTurns {
  readonly #socket: WebSocket;
  readonly #take: (message: string) => void;
  readonly #waiting: string[] = [];
  #turn = -1;
  #taken = 0;

  constructor(socket: WebSocket, take: (message: string) => void) {
    this.#socket = socket;
    this.#take = take;
  }

  add(message: string): void {
    const turn = currentTurn();
    if (turn !== this.#turn) {
      this.#turn = turn;
      this.#taken = 0;
    }
    if (this.#waiting.length === 0 && this.#taken < most) {
      this.#taken += 1;
      this.#take(message);
    } else if (this.#waiting.push(message) === 1) {
      this.#socket.pause();
      setImmediate(() => this.#goOn());
    }
  }

  #goOn(): void {
    for (const message of this.#waiting.splice(0, most)) {
      if (this.#socket.readyState === this.#socket.OPEN) this.#take(message);
    }
    if (this.#waiting.length > 0) setImmediate(() => this.#goOn());
    else this.#socket.resume();
  }
}

let turns = 0;
let isCounted = false;

/** One timer for all sockets that have something to say in this turn. */
function currentTurn(): number {
  if (!isCounted) {
    isCounted = true;
    setImmediate(() => {
      isCounted = false;
      turns += 1;
    });
  }
  return turns;
}
