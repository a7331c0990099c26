import type { ChildProcess } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { messageOf, UserError } from '../../lib/errors.ts';
import { aborted, type Part } from '../../lib/lifecycle.ts';
import type { Logger } from '../../lib/log.ts';
import { fullJitterMs, sleep } from '../../lib/retry.ts';
import { createCluster } from './embedded/cluster.ts';
import { findHome, type Home, socketFolderOf } from './embedded/home.ts';
import { connectKeeper, isNotReady, type Keeper, urlOf } from './embedded/keeper.ts';
import {
  findPostmaster,
  heldExitCode,
  spawnPostmaster,
  startFault,
  stopPostmaster,
} from './embedded/postmaster.ts';

export interface EmbeddedPostgresOptions {
  /** The server's data folder; the database is its folder `postgres`. */
  readonly dataDir: string;
  readonly log: Logger;
}

/**
 * A PostgreSQL of our own. As a part it starts PostgreSQL again whenever it dies; at the end it stops
 * it, unless another process on the same data folder still needs it.
 */
export interface EmbeddedPostgres extends Part {
  /** Known once it was started, and the same ever after. */
  readonly url: string;
  /** For a short command that does not run it as a part. */
  stop(): Promise<void>;
}

/**
 * Creates the database, starts it, or adopts the one that runs there already: of another server, or
 * left by one that was killed. Resolves when it answers.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const { log } = options;
  const home = await findHome(options.dataDir);
  if (dirname(home.cluster) !== resolve(options.dataDir)) {
    log.info(`The database is in ${home.cluster}: its user cannot reach ${options.dataDir}.`);
  }
  if (await createCluster(home)) log.info(`Created the database in ${home.cluster}.`);
  let keeper = await arrive(home, log);
  const stop = () => keeper.leave(() => stopPostmaster(home));
  return {
    name: 'postgres',
    url: urlOf(socketFolderOf(home.cluster)),
    stop,
    async run(signal) {
      while (!signal.aborted) {
        await Promise.race([keeper.ended, aborted(signal)]);
        if (signal.aborted) break;
        log.warn('PostgreSQL has gone; starting it again.');
        keeper = (await arriveAgain(home, log, signal)) ?? keeper;
      }
      await stop();
    },
  };
}

// Enough for PostgreSQL to go through its log after a crash (max_wal_size is 1 GB).
const startTimeoutMs = 120_000;

/** Starts PostgreSQL unless it runs, and connects. Throws when it cannot start or does not answer in time. */
async function arrive(home: Home, log: Logger): Promise<Keeper> {
  const deadline = performance.now() + startTimeoutMs;
  let child: ChildProcess | undefined;
  for (;;) {
    const found = await findPostmaster(home.cluster);
    if (found === undefined && !isRunning(child)) {
      if (child && child.exitCode !== heldExitCode) throw await startFault(home.cluster);
      child = await spawnPostmaster(home);
    }
    try {
      const keeper = await connectKeeper(socketFolderOf(home.cluster));
      log.info({ postgres: found }, child ? 'Started PostgreSQL.' : 'PostgreSQL was running.');
      return keeper;
    } catch (error) {
      if (!isNotReady(error)) throw error;
      if (performance.now() > deadline) throw notInTime(home.cluster, error);
    }
    await sleep(20);
  }
}

async function arriveAgain(home: Home, log: Logger, signal: AbortSignal) {
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      return await arrive(home, log);
    } catch (error) {
      log.error(messageOf(error));
    }
    await sleep(fullJitterMs(attempt, { baseMs: 200, capMs: 10_000 }), signal);
  }
  return undefined;
}

function isRunning(child: ChildProcess | undefined): boolean {
  return child !== undefined && child.exitCode === null && child.signalCode === null;
}

function notInTime(cluster: string, error: unknown): UserError {
  const seconds = startTimeoutMs / 1000;
  return new UserError(
    `PostgreSQL on ${cluster} did not answer within ${seconds} s: ${messageOf(error)}`,
  );
}
