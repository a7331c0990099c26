import { randomUUID } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { startProgram } from '../../support/program.ts';
import { formats, host, interrupt, type Stage, tenantId } from './stage.ts';

/** Ports, agents and hosts, as the switch and its agent answer. */
export function hostsAndPorts(stage: () => Stage): void {
  const rule = (port: string) => [
    ...['rule', 'create', '--tenant-id', tenantId, '--port-id', port, '--max-kbps', '1000'],
  ];

  describe('port bind --wait', () => {
    test('returns when the guest has come and its limit is on the switch', async () => {
      const { sluice, ovs, enforced } = stage();
      const portId = randomUUID();
      await sluice(rule(portId));
      const bind = ['port', 'bind', portId, host, '--name', 'web', '-f', 'json'];
      const early = await sluice([...bind, '--network-id', randomUUID(), '--wait=1']);
      expect(early).toMatchObject({
        ...{ code: 6, stderr: expect.stringContaining('is WAITING_FOR_PORT: ') },
      });
      const running = sluice.start([...bind, '--tenant-id', tenantId, '--wait=20']);
      await ovs.addPort({ bridge: 'br0', portId });
      const { code, stdout } = await running.ended;
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ name: 'web', hosts: [host] });
      expect(await enforced(portId)).toMatchObject({ egressKbps: 1000 });
      await sluice(['port', 'unbind', portId, host]);
    });

    test('and unbind --wait come back when the agent has taken note, in each format', async () => {
      const { sluice } = stage();
      for (const format of formats) {
        const end = [host, '--wait=20', '-f', format, '-c', 'hosts'];
        const portId = randomUUID();
        const bound = await sluice(['port', 'bind', portId, ...end, '--tenant-id', tenantId]);
        expect(bound).toMatchObject({ code: 0, stderr: '' });
        expect(bound.stdout).toContain(host);
        const unbound = await sluice(['port', 'unbind', portId, ...end]);
        expect(unbound).toMatchObject({ code: 0, stderr: '' });
        expect(unbound.stdout).not.toContain(host);
      }
    });
  });

  test('agent list --watch tells that an agent lifts its limits, and that they are back', async () => {
    const { sluice, guests, enforced } = stage();
    const [{ portId }] = guests;
    expect(await sluice([...rule(portId), '--wait'])).toMatchObject({ code: 0 });
    const columns = ['-c', 'adminStateUp', '-c', 'converged'];
    const running = sluice.start(['agent', 'list', '--watch', '-f', 'value', ...columns]);
    await eventually(() => expect(running.stdout).toBe('LISTED true true\n'));
    const set = ['agent', 'set', host, '-f', 'value', '-c', 'description'];
    const disabled = await sluice([...set, '--disable', '--description', 'repair']);
    expect(disabled).toMatchObject({ stdout: 'repair\n' });
    await eventually(() => expect(running.stdout).toMatch(/^UPDATED false /m));
    await eventually(async () => expect((await enforced(portId))?.egressKbps).toBeNull());
    expect(await sluice(['rule', 'list', '--status', 'DISABLED', '-f', 'csv'])).toMatchObject({
      stdout: expect.stringContaining(portId),
    });
    await sluice([...set, '--enable', '--description', 'none']);
    await eventually(async () => expect((await enforced(portId))?.egressKbps).toBe(1000));
    await eventually(() => expect(running.stdout).toMatch(/^UPDATED true /m));
    expect(await interrupt(running)).toMatchObject({ code: 130 });
  });

  test('agent set prints the agent in each format', async () => {
    const { sluice } = stage();
    for (const format of formats) {
      const set = ['agent', 'set', host, '--description', format, '-f', format];
      const { code, stdout } = await sluice([...set, '-c', 'description']);
      expect(code).toBe(0);
      expect(stdout).toContain(format);
    }
  });

  test('host show is of the switch as it is, also when its agent is killed', async () => {
    const { sluice, agent, guests, startAgent } = stage();
    const shown = async () => (await sluice(['host', 'show', host])).stdout;
    await eventually(async () => expect(await shown()).toMatch(/^FEED +everything is confirmed$/m));
    expect(await shown()).toMatch(/^AGENT +alive, connected, last heard of \d+ s ago$/m);
    expect(await shown()).toMatch(/^DRIVER +ovs, Open vSwitch \d/m);
    expect(await shown()).toMatch(
      new RegExp(
        `^${guests[0].portId} +${guests[0].interfaceName} +EGRESS +1 Mbit/s +openflow_meter: 1 Mbit/s, burst \\d+ kbit +APPLIED`,
        'm',
      ),
    );

    await agent.kill();
    await eventually(async () => expect(await shown()).toMatch(/^AGENT +alive, not connected/m));
    const args = ['rule', 'list', '--port-id', guests[0].portId, '-f', 'value', '-c', 'id'];
    const id = (await sluice(args)).stdout.trim();
    const late = await sluice(['rule', 'update', id, '--max-kbps', '2000', '--wait=1']);
    expect(late).toMatchObject({ code: 6, stderr: expect.stringContaining('is PENDING') });
    expect(await shown()).toMatch(/^FEED +behind for \d+ s$/m);

    await startAgent();
    await eventually(async () => expect(await shown()).toMatch(/2 Mbit\/s, burst .* APPLIED/));
  });

  test('agent delete refuses one that lives with exit code 5', async () => {
    expect(await stage().sluice(['agent', 'delete', host])).toMatchObject({ code: 5, stdout: '' });
  });

  test('credential enrol lets one agent in, credential revoke lets it out again', async () => {
    const { sluice, serverUrl, folder } = stage();
    const out = join(folder, 'enrol.token');
    const enrol = ['credential', 'enrol', 'host-new', '--expires', '5m'];
    const made = await sluice([...enrol, '--out', out]);
    expect(made).toMatchObject({ code: 0, stdout: '' });
    expect(made.stderr).toMatch(/^The token in .* enrols host-new, once, within 5 min: /);
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    const whole = await readFile(out, 'utf8');
    expect(await sluice([...enrol, '--out', out])).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining('EEXIST') },
    });
    expect(await readFile(out, 'utf8')).toBe(whole);
    for (const format of ['value', 'json', 'yaml']) {
      expect((await sluice([...enrol, '-f', format])).stdout).toContain('eyJ');
    }
    const long = await sluice(['credential', 'enrol', 'host-new', '--expires', '2h']);
    expect(long).toMatchObject({ code: 2, stderr: expect.stringMatching(/^--expires: An enrol/) });

    await using newcomer = startProgram('agent/main.ts', ['run'], {
      ...{ SLUICE_SERVER: serverUrl, SLUICE_HOST: 'host-new', SLUICE_ENROL_TOKEN_FILE: out },
      ...{ SLUICE_DATA: join(folder, 'new'), SLUICE_DRIVER: 'noop', SLUICE_METRICS_LISTEN: 'off' },
    });
    await eventually(() => expect(newcomer.log).toContain('Connected to the server.'), {
      timeoutMs: 15_000,
    });
    const list = ['credential', 'list', '--host', 'host-new'];
    const { stdout } = await sluice(list);
    expect(stdout).toMatch(/^ID +HOST +STATE +ENROLLED +RENEWED +ENDS +REVOKED REASON\n/);
    const [, id = ''] = /^(\S{36}) +host-new +valid +\d+ s ago +- +in 1 day +-$/m.exec(stdout)!;
    const revoked = await sluice(['credential', 'revoke', id, 'nonsense']);
    expect(revoked).toEqual({
      ...{ code: 3, stdout: '' },
      stderr: `${id} is revoked; what it opened closes within seconds.\nThere is no credential nonsense.\n1 of 2 failed.\n`,
    });
    expect(await sluice.json(...list)).toMatchObject([{ id, state: 'revoked' }]);
  });
}
