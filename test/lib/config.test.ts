import { Command } from 'commander';
import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  addOptions,
  type ConfigRule,
  describeConfig,
  logSettings,
  readConfig,
  type Sources,
  setting,
} from '../../lib/config.ts';
import { parseConfigFile } from '../../lib/configFile.ts';
import {
  boolean,
  integer,
  type ListenAddress,
  list,
  listen,
  milliseconds,
  oneOf,
  path,
  text,
  url,
} from '../../lib/configTypes.ts';
import { UserError } from '../../lib/errors.ts';
import { loadConfig } from '../../lib/loadConfig.ts';

const settings = {
  databaseUrl: setting({ type: url('postgres', 'postgresql'), help: 'database', secret: true }),
  listen: setting({ type: listen(), default: '127.0.0.1:4000', help: 'where to listen' }),
  heartbeatMs: setting({
    type: milliseconds({ min: 1000, max: 600_000 }),
    default: 30_000,
    help: 'time between heartbeats',
  }),
  bridges: setting({ type: list(text()), help: 'bridges' }),
  insecure: setting({ type: boolean(), default: false, help: 'allow plain HTTP' }),
  migrate: setting({ type: boolean(), default: true, help: 'migrate at start' }),
};

const empty: Sources = { flags: {}, env: {} };

const fileOf = (path: string, text: string) =>
  parseConfigFile({ path, text }, Object.keys(settings));

function faultsOf(read: () => unknown): string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof UserError && error.exitCode === 2) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('the source of a setting', () => {
  const flag = '10.0.0.1:1';
  const env = '10.0.0.2:2';
  const file = '10.0.0.3:3';
  test.each([
    { named: 'nothing', sources: {}, host: '127.0.0.1' },
    { named: 'the file', sources: { file }, host: '10.0.0.3' },
    { named: 'the environment', sources: { env }, host: '10.0.0.2' },
    { named: 'environment and file', sources: { env, file }, host: '10.0.0.2' },
    { named: 'the flag', sources: { flag }, host: '10.0.0.1' },
    { named: 'flag and file', sources: { flag, file }, host: '10.0.0.1' },
    { named: 'flag and environment', sources: { flag, env }, host: '10.0.0.1' },
    { named: 'all three', sources: { flag, env, file }, host: '10.0.0.1' },
  ] as { named: string; sources: { flag?: string; env?: string; file?: string }; host: string }[])(
    'is the first that names it, with $named',
    ({ sources, host }) => {
      const config = readConfig(settings, {
        flags: { listen: sources.flag },
        env: { SLUICE_LISTEN: sources.env },
        file: fileOf('sluice.yaml', sources.file ? `listen: ${sources.file}` : ''),
      });
      expect(config.listen.host).toBe(host);
    },
  );

  test('is not one that names it with nothing', () => {
    const file = fileOf('sluice.yaml', 'heartbeatMs:\n');
    const config = readConfig(settings, { flags: {}, env: { SLUICE_HEARTBEAT_MS: '' }, file });
    expect(config.heartbeatMs).toBe(30_000);
  });
});

describe('values', () => {
  test.each([
    {
      type: text(),
      right: [
        ['a', 'a'],
        [7, '7'],
      ],
      wrong: ['', true, {}],
    },
    { type: path(), right: [['/a/../b', '/b']], wrong: ['', false] },
    { type: url('nats'), right: [['nats://h:4222', 'nats://h:4222']], wrong: ['http://h', 'h', 4] },
    {
      type: integer({ min: -1, max: 10 }),
      right: [
        ['-1', -1],
        [10, 10],
        ['007', 7],
      ],
      wrong: ['', ' ', '11', 1.5, '1.0', '1e1', 'NaN', Number.NaN, true, '0x1'],
    },
    {
      type: boolean(),
      right: [
        ['yes', true],
        ['TRUE', true],
        [1, true],
        ['0', false],
        ['no', false],
        [false, false],
      ],
      wrong: ['', 'on', 2, 'truely'],
    },
    { type: oneOf(['a', 'b']), right: [['b', 'b']], wrong: ['B', '', 1] },
    {
      type: list(integer({ min: 0, max: 9 })),
      right: [
        ['1, 2', [1, 2]],
        [
          [3, '4'],
          [3, 4],
        ],
        [5, [5]],
      ],
      wrong: ['', '1,,2', '1,1', [], '1,x'],
    },
    {
      type: listen(),
      right: [
        ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
        ['[::1]:4000', { host: '::1', port: 4000 }],
        ['localhost:65535', { host: 'localhost', port: 65_535 }],
      ],
      wrong: ['4000', '::1:4000', 'h:65536', 'h:', ':1', 'h:1x'],
    },
  ] as { type: ReturnType<typeof text>; right: [unknown, unknown][]; wrong: unknown[] }[])(
    'are taken in every form that a source has, and nothing else is ($right.0.0)',
    ({ type, right, wrong }) => {
      for (const [written, value] of right) expect(type.parse(written)).toEqual({ value });
      for (const written of wrong) {
        expect(type.parse(written), JSON.stringify(written)).toHaveProperty('fault');
      }
    },
  );

  test('have the type of their setting', () => {
    const config = readConfig(settings, empty);
    expectTypeOf(config.listen).toEqualTypeOf<ListenAddress>();
    expectTypeOf(config.databaseUrl).toEqualTypeOf<string | undefined>();
    expectTypeOf(config.bridges).toEqualTypeOf<readonly string[] | undefined>();
    expect(config).toEqual({
      databaseUrl: undefined,
      listen: { host: '127.0.0.1', port: 4000 },
      heartbeatMs: 30_000,
      bridges: undefined,
      insecure: false,
      migrate: true,
    });
  });
});

describe('faults', () => {
  test('are all named at once, each with its source, its value and what is allowed', () => {
    const sources = {
      flags: { listen: 'nowhere' },
      env: { SLUICE_HEARTBEAT_MS: '5' },
      file: fileOf('/etc/sluice.yaml', 'migrate: maybe\nheartbeatMS: 7\n"no such": 1\n'),
    };
    expect(faultsOf(() => readConfig(settings, sources))).toEqual([
      '/etc/sluice.yaml has the unknown key "heartbeatMS"; did you mean "heartbeatMs"?',
      '/etc/sluice.yaml has the unknown key "no such".',
      '--listen is "nowhere": it must be an address and a port, like 127.0.0.1:4000 or [::1]:4000.',
      'SLUICE_HEARTBEAT_MS is "5": it must be a whole number of milliseconds from 1000 to 600000.',
      'migrate in /etc/sluice.yaml is "maybe": it must be true or false.',
    ]);
  });

  test('do not print a secret', () => {
    const env = { SLUICE_DATABASE_URL: 'mysql://root:hunter2@h' };
    expect(faultsOf(() => readConfig(settings, { flags: {}, env }))).toEqual([
      'SLUICE_DATABASE_URL is not right: it must be a URL like postgres://… or postgresql://….',
    ]);
    const broken = fileOf('s.yaml', 'databaseUrl: "postgres://u:hunter2@h\n');
    expect(faultsOf(() => readConfig(settings, { ...empty, file: broken })).join()).toMatch(
      /^s\.yaml: (?!.*hunter2)/,
    );
    const config = readConfig(settings, { flags: { databaseUrl: 'postgres://u:p@h/d' }, env: {} });
    expect(describeConfig(settings, config)).toContain('databaseUrl: (hidden)\nlisten: {"host"');
  });

  test('of rules over several settings come with the others, where what they are about is right', () => {
    const rules: ConfigRule<typeof settings>[] = [
      {
        about: ['listen', 'insecure'],
        fault: (config) =>
          config.listen.host === '127.0.0.1' || config.insecure
            ? undefined
            : 'Serving beyond loopback needs TLS.',
      },
    ];
    const open = { listen: '0.0.0.0:1' };
    const read = (flags: Record<string, unknown>) =>
      faultsOf(() => readConfig(settings, { flags, env: {} }, rules));
    expect(read({ ...open, insecure: true })).toEqual([]);
    expect(read(open)).toEqual(['Serving beyond loopback needs TLS.']);
    expect(read({ ...open, bridges: ',' })).toHaveLength(2);
    expect(read({ listen: 'x' })).toHaveLength(1);
  });

  test.each([
    { text: 'a: [1', fault: /^s\.yaml: / },
    { text: 'listen: a:1\nlisten: b:1', fault: /^s\.yaml: Map keys must be unique at line 2/ },
    { text: '- listen', fault: /^s\.yaml must hold lines like/ },
    { text: 'listen', fault: /^s\.yaml must hold lines like/ },
  ])('of the file itself are named: $text', ({ text, fault }) => {
    const faults = faultsOf(() => readConfig(settings, { ...empty, file: fileOf('s.yaml', text) }));
    expect(faults).toEqual([expect.stringMatching(fault)]);
  });

  test.each<Sources>([
    { flags: { config: '/nowhere' }, env: { SLUICE_CONFIG: '/elsewhere' } },
    { flags: {}, env: { SLUICE_CONFIG: '/nowhere' } },
    { flags: { config: '' }, env: { SLUICE_CONFIG: '/nowhere' } },
  ])('name a file that is not there: %o', (sources) => {
    const faults = faultsOf(() => loadConfig(settings, sources));
    expect(faults).toEqual([expect.stringMatching(/cannot be read: ENOENT.*\/nowhere/)]);
  });
});

describe('flags', () => {
  function parse(...args: string[]) {
    const command = addOptions(new Command(), settings).parse(args, { from: 'user' });
    return readConfig(settings, { flags: command.opts(), env: {} });
  }

  test('come from the declarations', () => {
    expect(parse('--heartbeat-ms', '2000').heartbeatMs).toBe(2000);
    expect(parse('--bridges=br0,br1').bridges).toEqual(['br0', 'br1']);
  });

  test('of booleans need no value and turn both ways', () => {
    expect(parse()).toMatchObject({ insecure: false, migrate: true });
    expect(parse('--insecure', '--no-migrate')).toMatchObject({ insecure: true, migrate: false });
    expect(parse('--no-insecure', '--migrate')).toMatchObject({ insecure: false, migrate: true });
  });

  test('are explained with their variable and default', () => {
    const all = { ...settings, ...logSettings };
    const help = addOptions(new Command(), all).helpInformation().replace(/\s+/g, ' ');
    expect(help).toContain(
      '--listen <value> where to listen (SLUICE_LISTEN; default: 127.0.0.1:4000)',
    );
    expect(help).toContain('--database-url <value> database (SLUICE_DATABASE_URL)');
    expect(help).toContain('--no-migrate migrate at start (SLUICE_MIGRATE; default: true)');
    expect(help).not.toContain('--no-insecure');
  });
});
