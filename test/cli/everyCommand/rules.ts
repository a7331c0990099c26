import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { formats, host, interrupt, type Stage, tenantId } from './stage.ts';

/** In the order in which they stand: each goes on where the one before it left the switch. */
export function rulesOnTheSwitch(stage: () => Stage): void {
  const portId = () => stage().guests[0].portId;
  const other = () => stage().guests[1].portId;
  const create = (port: string) => ['rule', 'create', '--tenant-id', tenantId, '--port-id', port];
  const ids: { egress: string } = { egress: '' };

  describe('rule create --wait', () => {
    test('ends with 0 on APPLIED, when the switch holds the limit and the mark', async () => {
      const { sluice, enforced, ovs } = stage();
      const { code, stdout, stderr } = await sluice([
        ...[...create(portId()), '--network-id', randomUUID(), '--direction', 'egress'],
        ...['--max-kbps', '10000', '--max-burst-kbps', '8000', '--dscp-mark', '26'],
        ...['--max-kpps', '5', '--max-burst-kpps', '6', '--description', 'web'],
        ...['--wait', '-f', 'json'],
      ]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const rule = JSON.parse(stdout);
      expect(rule).toMatchObject({ status: 'APPLIED', hosts: [host], version: 1 });
      expect(rule.bindings).toMatchObject([
        { programmed: { mechanism: 'openflow_meter', maxKbps: 10_000, dscpMark: 26 } },
      ]);
      expect(await enforced(portId())).toMatchObject({ egressKbps: 10_000 });
      expect(await ovs.ofctl('dump-flows', 'br0')).toContain('set_field:26->ip_dscp');
      ids.egress = rule.id;
    });

    test('ends with 1 and both numbers on DEGRADED', async () => {
      const degraded = await stage().sluice([
        ...[...create(other()), '--max-kbps', '10000', '--max-burst-kbps', '1'],
        ...['--wait', '-f', 'value', '-c', 'status'],
      ]);
      expect(degraded).toEqual({
        ...{ code: 1, stdout: 'DEGRADED\n' },
        stderr: `${host}: EGRESS of port ${other()} is DEGRADED: A burst of 1 kbit was asked for; 13 is the least that lets a packet of MTU 1500 pass.\n`,
      });
    });

    test('ends with 1 and the reason on FAILED, at once', async () => {
      const failed = await stage().sluice([
        ...[...create(other()), '--direction', 'ingress', '--min-kbps', '700'],
        ...['--wait=60', '-f', 'value', '-c', 'status'],
      ]);
      expect(failed).toMatchObject({ code: 1, stdout: 'FAILED\n' });
      expect(failed.stderr).toMatch(
        `${host}: INGRESS of port ${other()} is FAILED: Nothing of this rule can be enforced.`,
      );
      expect(failed.stderr.trimEnd().split('\n')).toHaveLength(1);
    });
  });

  test('rule update --wait changes the limit where it is, and a lost update changes nothing', async () => {
    const { sluice, enforced } = stage();
    const update = ['rule', 'update', ids.egress];
    const changed = await sluice([
      ...[...update, '--max-kbps', '20000', '--max-burst-kbps', 'none', '--max-kpps', 'none'],
      ...['--max-burst-kpps', 'none', '--min-kbps', 'none', '--dscp-mark', 'none'],
      ...['--description', 'none', '--expected-version', '1', '--wait=20'],
    ]);
    expect(changed).toMatchObject({ code: 0, stderr: '' });
    expect(changed.stdout).toMatch(/^LIMIT +20 Mbit\/s$/m);
    expect(changed.stdout).toMatch(/^host-real +APPLIED +openflow_meter: 20 Mbit\/s/m);
    expect(await enforced(portId())).toMatchObject({ egressKbps: 20_000 });
    const lost = await sluice([...update, '--max-kbps', '5', '--expected-version', '1', '--wait']);
    expect(lost).toMatchObject({ code: 5, stdout: '' });
    expect(await enforced(portId())).toMatchObject({ egressKbps: 20_000 });
  });

  test('rule watch tells a change, and that its host has applied it', async () => {
    const { sluice } = stage();
    const watch = ['rule', 'watch', '--id', ids.egress, '-f', 'value', '-c', 'maxKbps'];
    const running = sluice.start([...watch, '-c', 'status']);
    await eventually(() => expect(running.stdout).toBe('LISTED 20000 APPLIED\n'));
    await sluice(['rule', 'update', ids.egress, '--max-kbps', '21000']);
    await eventually(() => expect(running.stdout).toMatch(/^STATUS_CHANGED 21000 APPLIED$/m));
    expect(running.stdout).toMatch(/^UPDATED 21000 /m);
    expect(await interrupt(running)).toMatchObject({ code: 130, stderr: 'Interrupted.\n' });
  });

  test('rule apply shows, applies, prunes and waits until the switch is as the file says', async () => {
    const { sluice, enforced, folder } = stage();
    const file = join(folder, 'rules.yaml');
    await writeFile(
      file,
      `- {portId: ${portId()}, maxKbps: 30000}\n- {portId: ${portId()}, direction: INGRESS, maxKbps: 40000}\n`,
    );
    const apply = ['rule', 'apply', '--tenant-id', tenantId, '--prune'];
    for (const format of ['table', 'json', 'yaml']) {
      const args = [...apply, '--file', file, '--dry-run', '--format', format];
      expect(await sluice(args)).toMatchObject({ code: 0, stderr: '' });
    }
    // What is pruned is on no such network.
    const elsewhere = [...apply, '--file', file, '--network-id', randomUUID(), '--yes'];
    expect(await sluice(elsewhere)).toMatchObject({
      stdout: '1 created, 1 updated, 0 deleted, 0 unchanged.\n',
    });
    expect(await sluice([...apply, '--file', file, '--wait=20'])).toEqual({
      ...{ code: 0, stderr: '', stdout: '0 created, 0 updated, 2 deleted, 2 unchanged.\n' },
    });
    expect(await enforced(portId())).toEqual({ egressKbps: 30_000, ingressKbps: 40_000 });
    expect(await enforced(other())).toEqual({ egressKbps: null, ingressKbps: null });
  });

  test('rule delete --wait returns when the switch holds no limit any more', async () => {
    const { sluice, enforced } = stage();
    const args = ['rule', 'list', '--port-id', portId(), '-f', 'value', '-c', 'id'];
    const both = (await sluice(args)).stdout.trim().split('\n');
    expect(both).toHaveLength(2);
    const [first = ''] = both;
    const wrong = await sluice(['rule', 'delete', first, '--expected-version', '99']);
    expect(wrong).toMatchObject({ code: 5 });
    const deleted = await sluice(['rule', 'delete', ...both, '--wait=20']);
    expect(deleted).toMatchObject({ code: 0, stdout: '' });
    expect(await enforced(portId())).toEqual({ egressKbps: null, ingressKbps: null });
  });

  test('create and update print what they did in each format', async () => {
    const { sluice } = stage();
    const printed = await Promise.all(
      formats.map(async (format) => {
        const more = ['-f', format, '-c', 'id'];
        const created = await sluice([...create(randomUUID()), '--max-kbps', '5', ...more]);
        const [id = ''] = /[0-9a-f-]{36}/.exec(created.stdout) ?? [];
        const updated = await sluice(['rule', 'update', id, '--max-kbps', '6', ...more]);
        expect(updated).toEqual(created);
        return [format, created.stdout.replace(id, 'ID')];
      }),
    );
    expect(Object.fromEntries(printed)).toEqual({
      ...{ table: 'ID  ID\n', json: '{\n  "id": "ID"\n}\n', yaml: 'id: ID\n', csv: 'id\nID\n' },
      value: 'ID\n',
    });
  });
}
