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
  attempts = 0;
  readonly saved: string[] = [];

  readonly save = async ({ cursor }: DesiredState): Promise<void> => {
    this.attempts += 1;
    await this.gate;
    if (this.full) throw new Error('ENOSPC: no space left on device');
    this.saved.push(cursor);
  };
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
  const saver = new LastGoodSaver(disk.save, silent);
  await using _ = run(saver);
  for (let step = 0; step <= 100; step += 1) saver.keep(state(`first ${step}`));
  await eventually(() => expect(disk.attempts).toBe(1));
  for (let step = 0; step <= 100; step += 1) saver.keep(state(`second ${step}`));

  slow.resolve();

  await eventually(() => expect(disk.saved).toEqual(['first 100', 'second 100']));
});

test('A state that a full disk refused is written once there is room, without another change', async () => {
  const disk = new Disk();
  disk.full = true;
  const saver = new LastGoodSaver(disk.save, silent);
  await using _ = run(saver);
  saver.keep(state('c1'));
  await eventually(() => expect(disk.attempts).toBe(1));

  disk.full = false;

  await eventually(() => expect(disk.saved).toEqual(['c1']));
});

test('A state that still waits is written when the agent stops', async () => {
  const disk = new Disk();
  const saver = new LastGoodSaver(disk.save, silent);
  {
    await using _ = run(saver);
    saver.keep(state('c1'));
  }
  expect(disk.saved).toEqual(['c1']);
});
