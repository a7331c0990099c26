import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DesiredState } from '../../agent/desired.ts';
import { loadLastGood, saveLastGood } from '../../agent/lastGood.ts';
import { limitOf } from '../support/limits.ts';

const writerProgram = join(import.meta.dirname, '../support/lastGoodWriter.ts');
let folder: string;
const file = () => ({ path: join(folder, 'agent', 'last-known-good.json'), host: 'host-1' });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-last-good-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const state = (cursor: string, portCount = 2): DesiredState => ({
  cursor,
  adminStateUp: true,
  ports: new Map(Array.from({ length: portCount }, (_, i) => [`port-${i}`, port(`port-${i}`)])),
});
const port = (portId: string) => ({
  portId,
  egress: limitOf({ ruleId: 'r', ruleVersion: 3, maxKbps: 1000, dscpMark: 46 }),
  ingress: null,
});

describe('The last known state', () => {
  test('comes back as it was saved, from a folder that only its owner may enter', async () => {
    expect(await loadLastGood(file())).toEqual({ kind: 'none' });

    await saveLastGood(file(), state('c1'));

    expect(await loadLastGood(file())).toEqual({ kind: 'loaded', desired: state('c1') });
    expect((await stat(join(folder, 'agent'))).mode & 0o777).toBe(0o700);
    expect((await stat(file().path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'agent'))).toEqual(['last-known-good.json']);
  });

  test('is not believed when it was cut short, at whatever byte', async () => {
    await saveLastGood(file(), state('c1', 1));
    const whole = await readFile(file().path);
    // The last byte is the line's end, which says nothing.
    for (let length = 0; length < whole.length - 1; length += 1) {
      await writeFile(file().path, whole.subarray(0, length));
      expect(await loadLastGood(file()), `cut to ${length}`).toMatchObject({ kind: 'unusable' });
    }
  });

  test('is not believed when any byte was altered', async () => {
    await saveLastGood(file(), state('c1', 1));
    const whole = await readFile(file().path);
    for (let at = 0; at < whole.length - 1; at += 1) {
      const altered = Buffer.from(whole);
      altered[at] = (altered[at] ?? 0) ^ 1;
      await writeFile(file().path, altered);
      expect(await loadLastGood(file()), `byte ${at}`).toMatchObject({ kind: 'unusable' });
    }
  });

  test('of another host is not taken for this one', async () => {
    await saveLastGood({ ...file(), host: 'host-2' }, state('c1'));

    expect(await loadLastGood(file())).toEqual({
      kind: 'unusable',
      reason: 'It is the state of host host-2, and this is host-1.',
    });
  });

  test('of another version, or a file of somebody else, is named and left alone', async () => {
    await saveLastGood(file(), state('c1'));
    const text = await readFile(file().path, 'utf8');
    for (const foreign of [text.replace('"version":1', '"version":2'), '{}', 'null', '[1]', '']) {
      await writeFile(file().path, foreign);
      expect(await loadLastGood(file())).toMatchObject({ kind: 'unusable' });
      expect(await readFile(file().path, 'utf8')).toBe(foreign);
    }
  });

  test('that lacks a field, though its checksum fits, is of another version', async () => {
    const { dscpMark: _, ...older } = port('port-0').egress;
    const ports = new Map([['port-0', { ...port('port-0'), egress: older as never }]]);
    await saveLastGood(file(), { cursor: 'c1', adminStateUp: true, ports });

    expect(await loadLastGood(file())).toEqual({
      kind: 'unusable',
      reason: 'It was written by another version of Sluice.',
    });
  });

  test('survives a full disk: the new one is refused, the old one is still there', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
    try {
      await saveLastGood(file(), state('c1'));

      await expect(saveLastGood(file(), state('c2', 1000))).rejects.toThrow('ENOSPC');

      expect(await loadLastGood(file())).toEqual({ kind: 'loaded', desired: state('c1') });
      expect(await readdir(join(folder, 'agent'))).toEqual(['last-known-good.json']);
      await saveLastGood(file(), state('c3'));
      expect(await loadLastGood(file())).toMatchObject({ desired: { cursor: 'c3' } });
    } finally {
      execFileSync('umount', [folder]);
    }
  });

  test('is whole after a kill at any moment of saving', async () => {
    const { path, host } = file();
    for (let kill = 0; kill < 12; kill += 1) {
      const writer = spawn(process.execPath, [writerProgram, path, host], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await Promise.race([once(writer.stdout, 'data'), once(writer, 'exit')]);
      const killed = once(writer, 'exit');
      setTimeout(() => writer.kill('SIGKILL'), Math.random() * 40);
      await killed;

      const loaded = await loadLastGood(file());

      if (loaded.kind !== 'loaded')
        throw new Error(`after kill ${kill}: ${JSON.stringify(loaded)}`);
      const { cursor, ports } = loaded.desired;
      expect(cursor).toMatch(new RegExp(` with ${ports.size}$`));
      expect(new Set(ports.values().map(({ egress }) => egress?.ruleVersion)).size).toBe(1);
    }
  });
});
