import { CreateEnrolmentTokenDocument } from '../../schema/generated/graphql.ts';
import type { Context } from '../context.ts';
import { timeLeft } from '../output/words.ts';
import { yamlOf } from '../output/write.ts';
import { writeSecretFile } from './secretFile.ts';

interface Options {
  /** Milliseconds. */
  readonly expires: number;
  readonly out?: string;
  readonly format: 'value' | 'json' | 'yaml';
}

interface Made {
  readonly id: string;
  readonly host: string;
  readonly token: string;
  readonly expiresAt: string;
}

/** The token is told once and stands nowhere else: it goes to standard output, or into a file of the caller's own. */
export default async function enrolHost(
  context: Context,
  { expires, out, format }: Options,
  host: string,
): Promise<void> {
  const { terminal } = context;
  const make = () => makeToken(context, host, expires);
  const made =
    out === undefined
      ? await make()
      : await writeSecretFile(out, make, (token) => encode(format, token));
  if (out === undefined) terminal.print(await encode(format, made));
  const where = out === undefined ? 'This token' : `The token in ${out}`;
  terminal.say(
    `${where} enrols ${host}, once, within ${timeLeft(made.expiresAt)}: put it into the file that enrolTokenFile names there. To revoke it: sluice credential revoke ${made.id}`,
  );
}

async function makeToken({ client }: Context, host: string, expiresMs: number): Promise<Made> {
  const input = { host, expiresInSeconds: Math.round(expiresMs / 1000) };
  const { createEnrolmentToken } = await client.request(CreateEnrolmentTokenDocument, { input });
  return { ...createEnrolmentToken, host };
}

async function encode(format: Options['format'], made: Made): Promise<string> {
  if (format === 'value') return `${made.token}\n`;
  return format === 'json' ? `${JSON.stringify(made, null, 2)}\n` : yamlOf(made);
}
