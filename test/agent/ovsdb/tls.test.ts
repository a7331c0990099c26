import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { OvsdbClient } from '../../../agent/ovsdb/client.ts';
import type { TlsFiles } from '../../../agent/ovsdb/remote.ts';
import { createLog } from '../../../lib/log.ts';
import { run } from '../../../scripts/lab/command.ts';
import { OvsDaemon } from '../../../scripts/lab/ovsDaemon.ts';
import { eventually } from '../../support/eventually.ts';
import { tables } from './fixture.ts';

it('speaks to a server that wants TLS both ways', async () => {
  await using server = await startTlsServer();
  const client = new OvsdbClient({
    remote: `ssl:127.0.0.1:${server.port}`,
    database: 'Open_vSwitch',
    tables,
    tls: server.files,
    log: createLog('test', 'silent', 'json'),
  });
  const stop = new AbortController();
  const running = client.run(stop.signal);
  await eventually(() => expect(client.replica.contents?.Bridge.size).toBe(0));
  stop.abort();
  await running;
});

async function startTlsServer() {
  const dir = await mkdtemp('/tmp/sluice-tls-');
  const files = await selfSigned(dir);
  const database = `${dir}/conf.db`;
  await run('ovsdb-tool', ['create', database, '/usr/share/openvswitch/vswitch.ovsschema']);
  const daemon = new OvsDaemon({
    program: 'ovsdb-server',
    dir,
    env: { OVS_RUNDIR: dir, OVS_DBDIR: dir, OVS_LOGDIR: dir, OVS_SYSCONFDIR: dir },
    args: [
      ...[database, '--remote=pssl:0:127.0.0.1', `--private-key=${files.privateKey}`],
      ...[`--certificate=${files.certificate}`, `--ca-cert=${files.caCertificate}`],
    ],
    netns: null,
  });
  await daemon.start();
  const log = await readFile(`${dir}/ovsdb-server.log`, 'utf8');
  return {
    files,
    port: Number(/listening on port (\d+)/.exec(log)?.[1]),
    async [Symbol.asyncDispose]() {
      await daemon.kill();
      await rm(dir, { recursive: true });
    },
  };
}

/** One pair that is its own authority serves both sides. */
async function selfSigned(dir: string): Promise<TlsFiles> {
  const [privateKey, certificate] = [`${dir}/key.pem`, `${dir}/certificate.pem`];
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-keyout', privateKey, '-out', certificate, '-subj', '/CN=sluice test', '-days', '1'],
  ]);
  return { privateKey, certificate, caCertificate: certificate };
}
