import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import type { ListenAddress } from '../lib/configTypes.ts';
import { messageOf } from '../lib/errors.ts';
import { aborted, type Part } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/log.ts';

// An import of node:http reads each of its exports, and some of those load all of undici: 55 ms instead of 6 at
// every start (measured, Node 24.21.0).
const { createServer } = process.getBuiltinModule('node:http');

/** Serves `/metrics`. An address that is taken costs the metrics, never the limits: the agent goes on without. */
export class MetricsServer implements Part {
  readonly name = 'metrics';
  readonly #address: ListenAddress;
  readonly #print: () => Promise<string>;
  readonly #log: Logger;

  constructor(address: ListenAddress, print: () => Promise<string>, log: Logger) {
    this.#address = address;
    this.#print = print;
    this.#log = log;
  }

  async run(signal: AbortSignal): Promise<void> {
    const server = createServer((request, response) => {
      if (request.url === '/metrics') void this.#answer(response);
      else response.writeHead(404).end();
    });
    await this.#listen(server);
    await aborted(signal);
    server.close();
    server.closeAllConnections();
  }

  async #listen(server: Server): Promise<void> {
    const { host, port } = this.#address;
    try {
      await once(server.listen(port, host), 'listening');
      this.#log.info(server.address(), 'Serving metrics.');
    } catch (error) {
      const fault = messageOf(error);
      this.#log.warn({ host, port, fault }, 'Metrics cannot be served; going on without.');
    }
  }

  async #answer(response: ServerResponse): Promise<void> {
    const text = await this.#print();
    response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
    response.end(text);
  }
}
