import { execFileSync } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DesiredState } from '../../agent/desired.ts';
import { journalOf, loadLastGood } from '../../agent/lastGood.ts';
import { LastGoodStore } from '../../agent/lastGoodStore.ts';
import { limitOf } from '../support/limits.ts';

let folder: string;
const file = () => ({ path: join(folder, 'agent', 'last-known-good.json'), host: 'host-1' });
const journal = () => journalOf(file());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-last-good-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const port = (portId: string, maxKbps: number) => ({
  portId,
  egress: limitOf({ maxKbps }),
  ingress: null,
});

function many(cursor: string, count: number): DesiredState {
  const ports = Array.from({ length: count }, (_, n) => port(`port-${n}`, 1000));
  return { cursor, adminStateUp: true, ports: new Map(ports.map((each) => [each.portId, each])) };
}

/** The same with one port otherwise, as a step of the feed makes it. */
function changed(state: DesiredState, cursor: string, portId: string, maxKbps: number) {
  return { ...state, cursor, ports: new Map([...state.ports, [portId, port(portId, maxKbps)]]) };
}

function without(state: DesiredState, cursor: string, portId: string): DesiredState {
  return { ...state, cursor, ports: new Map([...state.ports].filter(([id]) => id !== portId)) };
}

const loaded = (desired: DesiredState) => ({ kind: 'loaded', desired });

/** A file, and a journal of three lines. */
async function saveSome(): Promise<readonly DesiredState[]> {
  await using store = new LastGoodStore(file());
  const first = many('c1', 2);
  const second = changed(first, 'c2', 'port-1', 2000);
  const third = without(second, 'c3', 'port-0');
  const states = [first, second, third, { ...third, cursor: 'c4', adminStateUp: false }];
  for (const state of states) await store.save(state);
  return states;
}

describe('The journal of the last known state', () => {
  test('has what changed, a line each, and the file stays as it was', async () => {
    await using store = new LastGoodStore(file());
    const whole = many('c1', 1000);
    await store.save(whole);
    const before = await stat(file().path);

    await store.save(changed(whole, 'c2', 'port-7', 2000));

    expect(await loadLastGood(file())).toEqual(loaded(changed(whole, 'c2', 'port-7', 2000)));
    expect((await stat(file().path)).ino).toBe(before.ino);
    expect((await stat(journal())).size).toBeLessThan(1000);
    expect((await stat(journal())).mode & 0o777).toBe(0o600);
  });

  test('brings any history back as it was saved', async () => {
    const change = fc.record({
      portId: fc.integer({ min: 0, max: 9 }).map((n) => `port-${n}`),
      maxKbps: fc.option(fc.integer({ min: 1, max: 1_000_000 })),
      adminStateUp: fc.boolean(),
      restarts: fc.boolean(),
    });
    const histories = fc.array(change, { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        let store = new LastGoodStore(file());
        let state: DesiredState = { cursor: 'c', adminStateUp: true, ports: new Map() };
        for (const [index, { portId, maxKbps, adminStateUp, restarts }] of history.entries()) {
          const cursor = `c${index}`;
          const next =
            maxKbps === null
              ? without(state, cursor, portId)
              : changed(state, cursor, portId, maxKbps);
          state = { ...next, adminStateUp };
          await store.save(state);
          expect(await loadLastGood(file())).toEqual(loaded(state));
          if (!restarts) continue;
          await store[Symbol.asyncDispose]();
          store = new LastGoodStore(file());
        }
        await store[Symbol.asyncDispose]();
      }),
      { numRuns: 30 },
    );
  });

  test('cut short at whatever byte is a state that was saved, and never a later one than its whole lines say', async () => {
    const states = await saveSome();
    const whole = await readFile(journal());
    for (let length = 0; length <= whole.length; length += 1) {
      await writeFile(journal(), whole.subarray(0, length));
      const lines = whole.subarray(0, length).toString().split('\n').length - 1;
      expect(await loadLastGood(file()), `cut to ${length}`).toEqual(
        loaded(states[lines] ?? many('', 0)),
      );
    }
  });

  test('is not believed when any byte of a line was altered', async () => {
    await saveSome();
    const whole = await readFile(journal());
    // The last line's end is altered into a line that was cut short.
    for (let at = 0; at < whole.length - 1; at += 1) {
      const altered = Buffer.from(whole);
      altered[at] = (altered[at] ?? 0) ^ 1;
      await writeFile(journal(), altered);
      expect(await loadLastGood(file()), `byte ${at}`).toMatchObject({ kind: 'unusable' });
    }
  });

  test('is not believed when a line is missing, and not taken for that of another file', async () => {
    const states = await saveSome();
    const [first = '', ...others] = (await readFile(journal(), 'utf8')).split('\n');
    await writeFile(journal(), [first, ...others.slice(1)].join('\n'));
    expect(await loadLastGood(file())).toMatchObject({ kind: 'unusable' });

    await writeFile(journal(), [first, ...others].join('\n'));
    await copyFile(journal(), `${journal()}.old`);
    await using store = new LastGoodStore(file());
    const next = changed(states[3] ?? many('', 0), 'c5', 'port-9', 5000);
    await store.save(next);
    expect(await readdir(join(folder, 'agent'))).not.toContain('last-known-good.journal');
    // A crash right after the new file has taken the old one's place.
    await copyFile(`${journal()}.old`, journal());

    expect(await loadLastGood(file())).toEqual(loaded(next));
  });

  test('that has grown long is written into the file, and begun anew', async () => {
    await using store = new LastGoodStore(file());
    let state = many('c0', 90);
    await store.save(state);
    const before = await stat(file().path);
    for (let step = 1; (await stat(file().path)).ino === before.ino; step += 1) {
      expect(step).toBeLessThan(100);
      const ports = [...state.ports.keys()].map((portId) => [portId, port(portId, step)] as const);
      state = { ...state, cursor: `c${step}`, ports: new Map(ports) };
      await store.save(state);
    }
    expect(await loadLastGood(file())).toEqual(loaded(state));
    state = changed(state, 'last', 'port-3', 77);
    await store.save(state);
    expect(await loadLastGood(file())).toEqual(loaded(state));
    expect((await stat(journal())).size).toBeLessThan(1000);
  });

  test('survives a full disk: what fits is there, and what did not is written once there is room', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
    try {
      await using store = new LastGoodStore(file());
      let state = many('c1', 2);
      await store.save(state);
      const filler = join(folder, 'filler');
      await expect(writeFile(filler, Buffer.alloc(1024 * 1024))).rejects.toThrow('ENOSPC');

      await expect(store.save(changed(state, 'c2', 'port-1', 2000))).rejects.toThrow('ENOSPC');
      expect(await loadLastGood(file())).toEqual(loaded(state));
      await expect(store.save(changed(state, 'c3', 'port-1', 3000))).rejects.toThrow('ENOSPC');
      expect(await loadLastGood(file())).toEqual(loaded(state));

      await rm(filler);
      state = changed(state, 'c4', 'port-1', 4000);
      await store.save(state);
      expect(await loadLastGood(file())).toEqual(loaded(state));
    } finally {
      execFileSync('umount', [folder]);
    }
  });
});
