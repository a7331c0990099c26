import { expect, test } from 'vitest';
import {
  asTraceparent,
  currentTrace,
  type SpanOptions,
  Tracing,
  traceFields,
  traceIdOf,
} from '../../lib/tracing.ts';

const caller = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

/** Keeps what was started and how it ended. */
function recording() {
  const spans: { name: string; parent: string | undefined; fault?: string | undefined }[] = [];
  const start = (name: string, { parent }: SpanOptions) => {
    const span: (typeof spans)[number] = { name, parent };
    spans.push(span);
    return {
      traceparent: `${(parent ?? caller).slice(0, 36)}${String(spans.length).padStart(16, '1')}-01`,
      end: (fault?: string) => {
        span.fault = fault;
      },
    };
  };
  return { spans, tracing: new Tracing({ start }) };
}

test('Parts of work are its children, across what it waits for; beside it there is nothing', async () => {
  const { spans, tracing } = recording();
  await tracing.part('nobody asked', async () => undefined);
  await tracing.run('outer', { parent: caller }, async () => {
    await Promise.resolve();
    await tracing.part('inner', async () => undefined);
    tracing.note('noted', performance.now(), currentTrace());
    tracing.note('of nothing', performance.now(), undefined);
  });
  expect(currentTrace()).toBeUndefined();
  expect(spans.map(({ name }) => name)).toEqual(['outer', 'inner', 'noted']);
  expect(spans[0]?.parent).toBe(caller);
  expect(new Set(spans.slice(1).map(({ parent }) => parent)).size).toBe(1);
});

test('Work that fails says with what, and fails its caller', async () => {
  const { spans, tracing } = recording();
  const work = tracing.run('doomed', {}, () => Promise.reject(new Error('no such luck')));
  await expect(work).rejects.toThrow('no such luck');
  expect(spans).toEqual([{ name: 'doomed', parent: undefined, fault: 'no such luck' }]);
});

test('With nothing that records, all work of a trace goes by its one id', async () => {
  const tracing = new Tracing();
  await tracing.run('a', {}, async () => {
    const { traceId } = traceFields();
    expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    await tracing.part('b', async () => expect(traceFields()).toEqual({ traceId }));
  });
  await tracing.run('c', { parent: caller }, async () =>
    expect(traceFields()).toEqual({ traceId: 'a'.repeat(32) }),
  );
});

test.each([
  undefined,
  '',
  7,
  caller.toUpperCase(),
  caller.replace('00-', 'ff-'),
  `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`,
  `00-${'a'.repeat(32)}-${'0'.repeat(16)}-01`,
  `${caller}-extra`,
])('%j is no traceparent', (value) => {
  expect(asTraceparent(value)).toBeUndefined();
});

test('A traceparent names its trace', () => {
  expect(asTraceparent(caller)).toBe(caller);
  expect(traceIdOf(caller)).toBe('a'.repeat(32));
});
