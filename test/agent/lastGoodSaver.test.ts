import { expect, test } from 'vitest';
import type { DesiredState } from '../../agent/desired.ts';
import { LastGoodSaver } from '../../agent/lastGoodSaver.ts';
import { silent } from '../support/agentConnection.ts';
import { eventually } from '../support/eventually.ts';

const state = (cursor: string): DesiredState => ({ cursor, adminStateUp: true, ports: new Map() });

/** A disk that a test makes slow or full. */
class Disk {
  full = false;
  gate: Promise<void> = Promise.resolve();
  /** What was tried, the same state again where it was refused: how soon, chance decides. */
  readonly tried: string[] = [];
  readonly saved: string[] = [];

  readonly save = async ({ cursor }: DesiredState): Promise<void> => {
    this.tried.push(cursor);
    await this.gate;
    if (this.full) throw new Error('ENOSPC: no space left on device');
    this.saved.push(cursor);
  };
}

function saverOn(disk: Disk, onEnforceable = () => {}, initial = state('c0')): LastGoodSaver {
  return new LastGoodSaver({ save: disk.save, initial, onEnforceable, log: silent });
}

function run(saver: LastGoodSaver): AsyncDisposable {
  const stop = new AbortController();
  const running = saver.run(stop.signal);
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

test('States that come in a burst, or while a slow disk writes, are one write of the newest', async () => {
  const disk = new Disk();
  const slow = Promise.withResolvers<void>();
  disk.gate = slow.promise;
  const saver = saverOn(disk);
  await using _ = run(saver);
  for (let step = 0; step <= 100; step += 1) saver.keep(state(`first ${step}`));
  await eventually(() => expect(disk.tried).toEqual(['first 100']));
  for (let step = 0; step <= 100; step += 1) saver.keep(state(`second ${step}`));

  slow.resolve();

  await eventually(() => expect(disk.saved).toEqual(['first 100', 'second 100']));
});

test('A state that a full disk refused is written once there is room, without another change', async () => {
  const disk = new Disk();
  disk.full = true;
  const saver = saverOn(disk);
  await using _ = run(saver);
  saver.keep(state('c1'));
  await eventually(() => expect(disk.tried).toContain('c1'));

  disk.full = false;

  await eventually(() => expect(disk.saved).toEqual(['c1']));
});

test('A state that still waits is written when the agent stops', async () => {
  const disk = new Disk();
  const saver = saverOn(disk);
  {
    await using _ = run(saver);
    saver.keep(state('c1'));
  }
  expect(disk.saved).toEqual(['c1']);
});

test('A state may be enforced once it is written, and each is told of', async () => {
  const disk = new Disk();
  const write = Promise.withResolvers<void>();
  disk.gate = write.promise;
  const told: (string | undefined)[] = [];
  const saver: LastGoodSaver = saverOn(disk, () => told.push(saver.enforceable?.cursor));
  await using _ = run(saver);
  saver.keep(state('c1'));
  await eventually(() => expect(disk.tried).toEqual(['c1']));
  expect(saver.enforceable?.cursor).toBe('c0');

  write.resolve();
  await eventually(() => expect(told).toEqual(['c1']));
  saver.keep(state('c2'));
  await eventually(() => expect(told).toEqual(['c1', 'c2']));
});

test('The first state of all may be enforced at once, and is written meanwhile', async () => {
  const disk = new Disk();
  const save = disk.save;
  const told: (string | undefined)[] = [];
  const onEnforceable = () => told.push(saver.enforceable?.cursor);
  const saver = new LastGoodSaver({ save, initial: null, onEnforceable, log: silent });
  await using _ = run(saver);
  expect(saver.enforceable).toBeNull();

  saver.keep(state('c1'));

  expect(told).toEqual(['c1']);
  await eventually(() => expect(disk.saved).toEqual(['c1']));
  expect(told).toEqual(['c1']);
});

test('A disk that is full, or answers nothing, holds enforcing back for a moment only, and never backwards', async () => {
  const disk = new Disk();
  disk.full = true;
  const saver = saverOn(disk);
  await using _ = run(saver);
  saver.keep(state('c1'));
  await eventually(() => expect(saver.enforceable?.cursor).toBe('c1'));

  const stuck = Promise.withResolvers<void>();
  disk.full = false;
  disk.gate = stuck.promise;
  saver.keep(state('c2'));
  await eventually(() => expect(saver.enforceable?.cursor).toBe('c2'));
  await eventually(() => expect(disk.tried.at(-1)).toBe('c2'));
  saver.keep(state('c3'));
  await eventually(() => expect(saver.enforceable?.cursor).toBe('c3'));

  // The write of c2 ends while c4 still waits for its own.
  const again = Promise.withResolvers<void>();
  disk.gate = again.promise;
  saver.keep(state('c4'));
  stuck.resolve();
  await eventually(() => expect(disk.saved).toEqual(['c2']));
  expect(['c3', 'c4']).toContain(saver.enforceable?.cursor);
  again.resolve();
  await eventually(() => expect(disk.saved.at(-1)).toBe('c4'));
  expect(saver.enforceable?.cursor).toBe('c4');
});
