import { messageOf } from '../../lib/errors.ts';
import { HostQosDocument } from '../../schema/generated/graphql.ts';
import type { AgentConfig } from '../config.ts';
import { readToken } from '../credential.ts';
import { advance, type Change, type DesiredState } from '../desired.ts';
import { lastGoodFile } from '../folder.ts';
import { openSession } from '../graphqlSession.ts';
import { loadLastGood } from '../lastGood.ts';
import { sessionTiming } from '../session.ts';
import { readTls } from '../tls.ts';

/** What one look at the servers came to: which of them answered, or why none did, as a sentence. */
export type ServerLook =
  | { readonly reachable: true; readonly url: string; readonly desired: DesiredState }
  | { readonly reachable: false; readonly fault: string };

/** What this host is to have, as far as it can be known here and now. */
export interface KnownDesired {
  readonly server: ServerLook;
  /** What the agent keeps on the disk for when its server is away. */
  readonly saved: DesiredState | null;
  /** Why what is on the disk cannot be used, as a sentence. */
  readonly savedFault: string | null;
}

/** Somebody waits for the answer: a server that takes longer counts as away. */
const timing = { ...sessionTiming, openMs: 3_000, answerMs: 10_000 };

export async function findDesired(config: AgentConfig): Promise<KnownDesired> {
  const [server, loaded] = await Promise.all([
    askServers(config),
    loadLastGood(lastGoodFile(config)),
  ]);
  return {
    server,
    saved: loaded.kind === 'loaded' ? loaded.desired : null,
    savedFault: loaded.kind === 'unusable' ? loaded.reason : null,
  };
}

/** The server's word where there is one, else the last that it said. */
export function bestOf({ server, saved }: KnownDesired): DesiredState | null {
  return server.reachable ? server.desired : saved;
}

/** One after the other, as the agent does. */
async function askServers(config: AgentConfig): Promise<ServerLook> {
  let fault = '';
  for (const url of config.server) {
    try {
      return { reachable: true, url, desired: await ask(url, config) };
    } catch (error) {
      fault = `${url}: ${messageOf(error)}`;
    }
  }
  return { reachable: false, fault };
}

async function ask(server: string, config: AgentConfig): Promise<DesiredState> {
  const token = await readToken(config);
  const { signal } = new AbortController();
  const session = await openSession({
    server,
    host: config.host,
    token,
    tls: await readTls(config),
    timing,
    signal,
  });
  try {
    const { hostQos } = await session.request(HostQosDocument, { host: config.host });
    return wholeState(hostQos);
  } finally {
    await session.close();
  }
}

/** Taken as the feed takes it (schema: hostQos is the feed's first step). */
function wholeState(change: Change): DesiredState {
  const step = advance({ desired: null, staged: null }, change);
  if (step.kind === 'committed') return step.desired;
  throw new Error('What the server said is not the whole state.');
}
