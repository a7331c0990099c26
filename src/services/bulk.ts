import type { MikroORM } from '@mikro-orm/postgresql';
import { Bulk } from '../../lib/bulk.ts';
import { isUnavailable } from '../db/unavailable.ts';
import { type Beat, type WrittenBeat, writeBeats } from './beats.ts';
import { type KnownPort, type ReportPortsInput, readKnownPorts } from './knownPorts.ts';
import type { QosReport } from './qosReport.ts';
import { type WrittenReport, writeReports } from './qosReportRows.ts';
import { type Unmoved, writeUnmoved } from './unmovedUsage.ts';

/** What ten thousand agents say, written and looked up for many of them at once. How many wait is bounded by their sockets' operations. */
export interface Bulks {
  readonly heartbeats: Bulk<Beat, WrittenBeat>;
  readonly qosReports: Bulk<QosReport, WrittenReport>;
  readonly knownPorts: Bulk<ReportPortsInput, Map<string, KnownPort>>;
  readonly unmoved: Bulk<Unmoved, boolean>;
}

const concernsAll = isUnavailable;

export const createBulk = (
  orm: MikroORM,
  { agentDownMs }: { readonly agentDownMs: number },
): Bulks => ({
  // Nobody waits for a heartbeat: a twentieth of a second makes one statement of fifty at a thousand a second.
  heartbeats: new Bulk({
    write: (beats) => writeBeats(orm, agentDownMs, beats),
    most: 500,
    gatherMs: 50,
    concernsAll,
  }),
  // Somebody may wait for the word that a limit holds: only what comes during one write is gathered for the next.
  qosReports: new Bulk({
    write: (reports) => writeReports(orm, reports),
    most: 100,
    gatherMs: 0,
    concernsAll,
  }),
  knownPorts: new Bulk({
    write: (reports) => readKnownPorts(orm, reports),
    most: 100,
    gatherMs: 5,
    concernsAll,
  }),
  // Each comes with a heartbeat, and nobody waits for it either.
  unmoved: new Bulk({
    write: (unmoved) => writeUnmoved(orm, unmoved),
    most: 500,
    gatherMs: 50,
    concernsAll,
  }),
});
