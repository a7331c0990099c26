import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PluggedPort } from '../../agent/drivers/driver.ts';
import {
  byId,
  changeReports,
  completeReports,
  maxPortsPerReport,
  type PortsReport,
} from '../../agent/pluggedPorts.ts';

const port = (portId: string, interfaceName = `tap-${portId}`): PluggedPort => ({
  portId,
  interfaceName,
  bridge: null,
  mac: null,
});

describe('A complete report', () => {
  test('says that there are no ports, in one open range', () => {
    expect(completeReports(byId([]))).toEqual([
      { complete: true, after: null, through: null, plugged: [], unplugged: [] },
    ]);
  });

  test('covers all ids by ranges that meet, when there are more than 500 ports', () => {
    const ports = Array.from({ length: 1001 }, (_, i) => port(String(5000 - i)));

    const reports = completeReports(byId(ports));

    expect(reports.map(({ after, through, plugged }) => [after, through, plugged.length])).toEqual([
      [null, '4499', maxPortsPerReport],
      ['4499', '4999', maxPortsPerReport],
      ['4999', null, 1],
    ]);
  });
});

describe('A report of changes', () => {
  test('is none when nothing changed', () => {
    const ports = [port('a'), port('b')];
    expect(changeReports(byId(ports), byId([...ports]))).toEqual([]);
  });

  test('names what came, what went and what has another interface now', () => {
    const known = byId([port('a'), port('b'), port('c')]);
    const current = byId([port('b', 'tap-new'), port('c'), port('d')]);

    expect(changeReports(known, current)).toMatchObject([
      { complete: false, plugged: [], unplugged: ['a'] },
      { plugged: [{ portId: 'b', interfaceName: 'tap-new' }, { portId: 'd' }], unplugged: [] },
    ]);
  });
});

test('Of two interfaces with the same id the first counts', () => {
  expect([...byId([port('a', 'one'), port('a', 'two')]).values()]).toEqual([port('a', 'one')]);
});

test('Reports of changes lead from any set of ports to any other, in reports of at most 500', () => {
  const someIds = fc.uniqueArray(fc.integer({ min: 1000, max: 2999 }), { maxLength: 1200 });
  fc.assert(
    fc.property(someIds, someIds, (before, after) => {
      const known = byId(before.map((id) => port(String(id))));
      const current = byId(after.map((id) => port(String(id))));
      const server = new Map(known);
      for (const report of changeReports(known, current)) take(server, report);
      expect([...server.keys()].sort()).toEqual([...current.keys()].sort());
    }),
    { numRuns: 30 },
  );
});

function take(server: Map<string, PluggedPort>, { plugged, unplugged = [] }: PortsReport): void {
  expect(plugged.length + unplugged.length).toBeLessThanOrEqual(maxPortsPerReport);
  for (const portId of unplugged) server.delete(portId);
  for (const { portId, interfaceName } of plugged) server.set(portId, port(portId, interfaceName));
}
