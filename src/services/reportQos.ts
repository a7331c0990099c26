import { type Actor, requireOwnHost } from '../domain/actor.ts';
import { refuse, refuseIfAny } from '../domain/errors.ts';
import { decodeFeedCursor } from '../domain/feedCursor.ts';
import { bounds, listFault } from '../domain/text.ts';
import type { BindingStatus } from '../entities/QosAgentBinding.ts';
import type { QosReport, QosResultInput } from './qosReport.ts';
import type { AcceptedResult, WrittenReport } from './qosReportRows.ts';
import type { Services } from './services.ts';

export interface ReportQosInput {
  readonly host: string;
  readonly to: string;
  readonly complete: boolean;
  readonly starts: boolean;
  readonly results: readonly QosResultInput[];
}

const reportable: readonly BindingStatus[] = ['APPLIED', 'DEGRADED', 'FAILED', 'WAITING_FOR_PORT'];

/**
 * Records how far the agent got. A result counts only if it is about the rule's present version and a
 * live binding, from this epoch, and no older than what is recorded; any other changes nothing. Moves
 * no feed. Answers how many results counted.
 */
export async function reportQos(
  services: Services,
  actor: Actor,
  input: ReportQosInput,
): Promise<number> {
  requireOwnHost(actor, input.host);
  refuseIfAny([
    ...listFault('results', input.results, bounds.reportEntries),
    ...input.results.flatMap(({ status }, index) =>
      reportable.includes(status)
        ? []
        : [
            {
              code: 'BAD_USER_INPUT' as const,
              field: `results[${index}].status`,
              message: `status must be one of ${reportable.join(', ')} in a report, not ${status}.`,
            },
          ],
    ),
  ]);
  const to = decodeFeedCursor(input.to);
  if (!to) return 0;
  const { host, complete, starts, results } = input;
  const report: QosReport = { host, to, complete, starts, results };
  const { accepted, isRecorded } = await write(services, report);
  if (!isRecorded) {
    throw refuse(
      'UNAVAILABLE',
      `No agent of host ${host} has been heard of yet: send its first heartbeat, then this again.`,
    );
  }
  if (complete) services.switchboard.feeds.acknowledged(host, to);
  return accepted.length;
}

/** A first report may outrun its agent's first heartbeat, which waits to be written with others: then it is written again after that. */
async function write(services: Services, report: QosReport): Promise<WrittenReport> {
  const { qosReports, heartbeats } = services.bulk;
  const written = await qosReports.add(report);
  ringChanged(services, written.accepted);
  if (written.isRecorded) return written;
  await heartbeats.settled();
  return qosReports.add(report);
}

function ringChanged({ doorbell }: Services, accepted: readonly AcceptedResult[]): void {
  const rules = accepted
    .filter(({ changed }) => changed)
    .map(({ changed: _, ...notice }) => notice);
  if (rules.length > 0) doorbell.ring({ hosts: [], rules, agents: [] });
}
