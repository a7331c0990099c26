import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DesiredState } from '../../agent/desired.ts';
import type { DirectionResult } from '../../agent/drivers/driver.ts';
import { type Batch, maxResultsPerReport, Results } from '../../agent/results.ts';

const result = (portId: string, ruleVersion: number, more: Partial<DirectionResult> = {}) =>
  ({
    portId,
    direction: 'EGRESS',
    ruleId: `rule of ${portId}`,
    ruleVersion,
    status: 'APPLIED',
    message: null,
    programmed: { mechanism: 'noop', maxKbps: 1000 },
    ...more,
  }) satisfies DirectionResult;

const port = (portId: string) => ({ portId, egress: null, ingress: null });
const ports = new Map([
  ['a', port('a')],
  ['b', port('b')],
]);
const at = (cursor: string, more: Partial<DesiredState> = {}): DesiredState => ({
  cursor,
  adminStateUp: true,
  ports,
  ...more,
});
const renamed = (...portIds: string[]) =>
  new Map([...ports, ...portIds.map((portId) => [portId, port(portId)] as const)]);

function sent(results: Results): Batch[] {
  const batches: Batch[] = [];
  for (let batch = results.next(); batch; batch = results.next()) {
    batches.push(batch);
    results.confirm(batch);
  }
  return batches;
}
const names = (batches: Batch[]) => batches.flatMap((b) => b.results.map((r) => r.portId));

describe('What the server is told', () => {
  test('is everything at first, then only what changed', () => {
    const results = new Results();
    expect(results.next()).toBeNull();
    const first = at('c1');
    results.settle(first, [result('a', 1), result('b', 1)]);
    expect(names(sent(results))).toEqual(['a', 'b']);

    results.settle(at('c2', { ports: renamed('a') }), [result('a', 2), result('b', 1)]);

    expect(sent(results)).toMatchObject([{ to: 'c2', complete: true, results: [{ portId: 'a' }] }]);
    expect(results.confirmed).toBe('c2');
  });

  test('is nothing when nothing changed', () => {
    const results = new Results();
    const desired = at('c1');
    results.settle(desired, [result('a', 1)]);
    sent(results);

    results.settle(desired, [result('a', 1)]);

    expect(results.next()).toBeNull();
  });

  test('is a status that changed without a step, about the same position', () => {
    const results = new Results();
    const desired = at('c1');
    results.settle(desired, [result('a', 1, { status: 'WAITING_FOR_PORT', programmed: null })]);
    sent(results);

    results.settle(desired, [result('a', 1)]);

    expect(sent(results)).toMatchObject([{ to: 'c1', results: [{ status: 'APPLIED' }] }]);
  });

  test('comes again for a port that a step has named, though its result is the same: its binding may be new', () => {
    const results = new Results();
    results.settle(at('c1'), [result('a', 1), result('b', 1)]);
    sent(results);

    results.settle(at('c2', { ports: renamed('b') }), [result('a', 1), result('b', 1)]);

    expect(names(sent(results))).toEqual(['b']);
  });

  test('is the position alone when a step changed no result of ours', () => {
    const results = new Results();
    results.settle(at('c1'), [result('a', 1)]);
    sent(results);

    results.settle(at('c2'), [result('a', 1)]);

    expect(sent(results)).toMatchObject([{ to: 'c2', complete: true, results: [] }]);
  });

  test('is that a limit was removed, once', () => {
    const results = new Results();
    results.settle(at('c1'), [result('a', 1), result('b', 1)]);
    sent(results);

    results.settle(at('c2', { ports: renamed('a') }), [result('b', 1)]);
    expect(sent(results)).toMatchObject([
      { results: [{ portId: 'a', ruleId: null, ruleVersion: null, status: 'APPLIED' }] },
    ]);

    results.settle(at('c3'), [result('b', 1)]);
    expect(sent(results)).toMatchObject([{ to: 'c3', complete: true, results: [] }]);
  });

  test('is a removal that the driver itself names, once, however often it names it', () => {
    const results = new Results();
    const desired = at('c1');
    const gone = result('a', 1, { ruleId: null, ruleVersion: null, programmed: null });
    for (let round = 0; round < 3; round += 1) results.settle(desired, [gone]);
    expect(names(sent(results))).toEqual(['a']);

    results.settle(desired, [gone]);

    expect(results.next()).toBeNull();
  });

  test('is a removal that failed, and that it is over once nobody names it any more', () => {
    const results = new Results();
    results.settle(at('c1'), [result('a', 1)]);
    const removal = { ruleId: null, ruleVersion: null, programmed: null };
    results.settle(at('c2'), [result('a', 1, { ...removal, status: 'FAILED', message: 'Stays.' })]);
    expect(sent(results)).toMatchObject([{ results: [{ status: 'FAILED', message: 'Stays.' }] }]);

    results.settle(at('c2'), []);

    expect(sent(results)).toMatchObject([
      { results: [{ portId: 'a', ruleId: null, status: 'APPLIED' }] },
    ]);
    results.settle(at('c2'), []);
    expect(results.next()).toBeNull();
  });

  test('says so when it is the first of this process, until it is confirmed', () => {
    const results = new Results();
    results.settle(at('c1'), [result('a', 1)]);
    expect(results.next()).toMatchObject({ starts: true });
    expect(sent(results)).toMatchObject([{ starts: true }]);
    results.settle(at('c2'), [result('a', 1)]);
    expect(sent(results)).toMatchObject([{ starts: false }]);
  });

  test('is only the position while administratively down, and everything once up again', () => {
    const results = new Results();
    results.settle(at('c1'), [result('a', 1)]);
    sent(results);

    results.settle(at('c2', { adminStateUp: false }), []);
    expect(sent(results)).toMatchObject([{ to: 'c2', complete: true, results: [] }]);

    results.settle(at('c3'), [result('a', 1)]);
    expect(names(sent(results))).toEqual(['a']);
  });

  test('comes in reports of at most 500 results, of which only the last is complete', () => {
    const results = new Results();
    const many = Array.from({ length: 1001 }, (_, index) => result(`port ${index}`, 1));
    results.settle(at('c1'), many);

    const batches = sent(results);

    expect(batches.map((b) => [b.results.length, b.complete])).toEqual([
      [maxResultsPerReport, false],
      [maxResultsPerReport, false],
      [1, true],
    ]);
  });

  test('stays to be said when it changed, or its port was named again, while a report was on its way', () => {
    const results = new Results();
    const same = result('b', 1);
    results.settle(at('c1'), [result('a', 1), same]);
    const onItsWay = results.next()!;
    results.settle(at('c2', { ports: renamed('a', 'b') }), [result('a', 2), same]);

    results.confirm(onItsWay);

    expect(results.confirmed).toBe('c1');
    expect(sent(results)).toMatchObject([
      { to: 'c2', results: [{ portId: 'a', ruleVersion: 2 }, { portId: 'b' }] },
    ]);
  });
});

test('However reports are lost, the server ends up with the newest result of each direction, and no other', () => {
  const version = fc.option(fc.integer({ min: 1, max: 3 }));
  const event = fc.oneof(
    fc.record({ settle: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), version) }),
    fc.constantFrom('report', 'lose'),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      const results = new Results();
      const server = new Map<string, number>();
      let latest: DirectionResult[] = [];
      events.forEach((event, index) => {
        if (typeof event === 'object') {
          latest = Object.entries(event.settle).flatMap(([id, v]) => (v ? [result(id, v)] : []));
          results.settle(at(String(index)), latest);
          return;
        }
        const batch = results.next();
        if (!batch) return;
        receive(server, batch);
        // The answer, not the report, is what gets lost.
        if (event === 'report') results.confirm(batch);
      });
      for (const batch of sent(results)) receive(server, batch);

      expect(Object.fromEntries(server)).toEqual(
        Object.fromEntries(latest.map(({ portId, ruleVersion }) => [portId, ruleVersion])),
      );
    }),
  );
});

function receive(server: Map<string, number>, { results }: Batch): void {
  for (const { portId, ruleVersion } of results) {
    if (ruleVersion === null) server.delete(portId);
    else server.set(portId, ruleVersion);
  }
}
