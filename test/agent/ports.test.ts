import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PluggedPort } from '../../agent/drivers/driver.ts';
import { Ports } from '../../agent/ports.ts';
import { connectUsers, quickPatience, silent } from '../support/agentConnection.ts';
import { eventually } from '../support/eventually.ts';
import { FeedServer } from '../support/feedServer.ts';

let server: FeedServer;
let ports: Ports;
beforeEach(async () => {
  server = await FeedServer.start();
  ports = new Ports({ host: 'host-1', log: silent, patience: quickPatience });
});
afterEach(() => server.stop());

const port = (index: number): PluggedPort => ({
  portId: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  interfaceName: `tap${index}`,
  bridge: null,
  mac: null,
});
const reports = () =>
  server.portReports.map(({ complete, plugged, unplugged }) => ({
    complete,
    plugged: plugged.map(({ interfaceName }) => interfaceName),
    unplugged: unplugged?.length,
  }));

test('Nothing is said before the switch was seen in full', async () => {
  await using _ = connectUsers(server, [ports]);
  await eventually(() => expect(server.socketCount).toBe(1));

  ports.observed([]);

  await eventually(() =>
    expect(reports()).toEqual([{ complete: true, plugged: [], unplugged: 0 }]),
  );
});

test('All ports are said on each connection, and then only what changes', async () => {
  ports.observed([port(1), port(2)]);
  await using _ = connectUsers(server, [ports]);
  await eventually(() => expect(reports()).toHaveLength(1));
  ports.observed([port(1), port(2)]);
  ports.observed([port(2), port(3)]);
  await eventually(() => expect(reports()).toHaveLength(3));

  server.cut();

  await eventually(() => expect(reports()).toHaveLength(4));
  expect(reports()).toEqual([
    { complete: true, plugged: ['tap1', 'tap2'], unplugged: 0 },
    { complete: false, plugged: [], unplugged: 1 },
    { complete: false, plugged: ['tap3'], unplugged: 0 },
    { complete: true, plugged: ['tap2', 'tap3'], unplugged: 0 },
  ]);
});

test('Ports are named when it is time to, once, whatever is forgotten before', async () => {
  const due = Promise.withResolvers<void>();
  ports = new Ports({
    ...{ host: 'host-1', log: silent, patience: quickPatience },
    whenDue: () => due.promise,
  });
  ports.observed([port(1)]);
  await using _ = connectUsers(server, [ports]);
  await eventually(() => expect(server.socketCount).toBe(1));
  ports.forget();
  expect(reports()).toEqual([]);

  due.resolve();

  await eventually(() => expect(reports()).toHaveLength(1));
  ports.observed([]);
  await eventually(() => expect(reports()).toHaveLength(2));
  expect(reports()[0]).toEqual({ complete: true, plugged: ['tap1'], unplugged: 0 });
});

test('After a report of changes that failed, all is said', async () => {
  ports.observed([port(1)]);
  await using _ = connectUsers(server, [ports]);
  await eventually(() => expect(reports()).toHaveLength(1));
  server.failWith = 'UNAVAILABLE';
  ports.observed([port(1), port(2)]);
  await eventually(() => expect(reports().length).toBeGreaterThan(1));

  server.failWith = null;

  await eventually(() =>
    expect(reports().at(-1)).toEqual({ complete: true, plugged: ['tap1', 'tap2'], unplugged: 0 }),
  );
});

test('All is said again when the server may have forgotten', async () => {
  ports.observed([port(1)]);
  await using _ = connectUsers(server, [ports]);
  await eventually(() => expect(reports()).toHaveLength(1));

  ports.forget();

  await eventually(() => expect(reports()).toHaveLength(2));
  expect(reports()[1]).toEqual(reports()[0]);
});

test('A port that was refused is said again, and nothing else, until it is taken', async () => {
  server.refusedPorts = [port(2).portId];
  ports.observed([port(1), port(2)]);
  await using _ = connectUsers(server, [ports]);
  await eventually(() => expect(reports().length).toBeGreaterThan(2));
  const again = { complete: false, plugged: ['tap2'], unplugged: 0 };
  expect(reports().slice(0, 3)).toEqual([
    { complete: true, plugged: ['tap1', 'tap2'], unplugged: 0 },
    ...[again, again],
  ]);

  server.refusedPorts = [];
  const before = reports().length;
  await eventually(() => expect(reports().length).toBeGreaterThan(before));
  ports.observed([port(1), port(2), port(3)]);

  await eventually(() => expect(reports().at(-1)?.plugged).toEqual(['tap3']));
  expect(reports().slice(1, -1)).toEqual(
    reports()
      .slice(1, -1)
      .map(() => again),
  );
});

test('More than 500 ports go by ranges that together cover every id', async () => {
  ports.observed(Array.from({ length: 700 }, (_, index) => port(index)));
  await using _ = connectUsers(server, [ports]);

  await eventually(() => expect(server.portReports).toHaveLength(2));

  const [first, second] = server.portReports;
  expect(first).toMatchObject({ complete: true, after: null, through: port(499).portId });
  expect(second).toMatchObject({ complete: true, after: port(499).portId, through: null });
});
