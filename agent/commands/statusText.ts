import type {
  PortLimitFieldsFragment as PortLimit,
  ProgrammedLimitInput,
} from '../../schema/generated/graphql.ts';
import type { HostStatus } from './hostStatus.ts';
import type { KnownDesired } from './knownDesired.ts';
import type { LimitState } from './limitStates.ts';
import { sourceLine } from './sourceLine.ts';
import { columnsOf, oneLine } from './text.ts';

const headings = ['PORT', 'DIRECTION', 'INTERFACE', 'BRIDGE', 'ASKED', 'PROGRAMMED', 'STATUS'];

/** For people: first who is there, then each limit, then what some of them have to say. */
export function statusText(status: HostStatus): string {
  const about = [
    ['Host', status.host],
    ['Agent', agentWords(status)],
    ['Server', serverWords(status.known)],
    ['Desired', desiredWords(status)],
    ['Saved', savedWords(status)],
    ['Switch', status.switchFault ?? 'known in full'],
    ...Object.entries(status.capabilities ?? {}).map(([name, value]) => [
      `  ${name}`,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  ];
  return [columnsOf(about), limitsTable(status.limits), ...messages(status.limits)].join('');
}

function agentWords({ running, folder }: HostStatus): string {
  if (running === null) return `not running on ${folder}`;
  return running.pid === null ? 'running' : `running, pid ${running.pid}`;
}

function serverWords({ server }: KnownDesired): string {
  return server.reachable ? `reachable, ${server.url}` : `away: ${server.fault}`;
}

function desiredWords({ known, desired }: HostStatus): string {
  if (desired === null) return 'not known';
  const down = desired.adminStateUp ? '' : '; administratively down, so nothing is limited';
  return `${sourceLine(known, desired)}${down}`;
}

function savedWords({ known: { saved, savedFault }, desired }: HostStatus): string {
  if (saved === null) return savedFault ?? 'nothing on the disk';
  return saved.cursor === desired?.cursor
    ? 'the same, on the disk'
    : `on the disk, at ${saved.cursor}`;
}

function limitsTable(limits: readonly LimitState[]): string {
  if (limits.length === 0) return '\nNo limit is asked for.\n';
  const rows = limits.map((limit) => [
    limit.portId,
    limit.direction,
    limit.interfaceName ?? '-',
    limit.bridge ?? '-',
    limit.asked ? limitWords(limit.asked) : 'nothing',
    limit.programmed ? `${limitWords(limit.programmed)} by ${limit.programmed.mechanism}` : '-',
    limit.status ?? 'unknown',
  ]);
  return `\n${columnsOf([headings, ...rows])}`;
}

function messages(limits: readonly LimitState[]): string[] {
  const said = limits.filter(({ message }) => message !== null);
  if (said.length === 0) return [];
  return [
    '\n',
    ...said.map(
      ({ portId, direction, message }) => `${portId} ${direction}: ${oneLine(message ?? '')}\n`,
    ),
  ];
}

function limitWords(limit: Partial<PortLimit> | ProgrammedLimitInput): string {
  const { maxKbps, maxBurstKbps, maxKpps, maxBurstKpps, minKbps, dscpMark } = limit;
  const parts = [
    maxKbps == null ? '' : `${maxKbps} kbit/s`,
    maxBurstKbps == null ? '' : `burst ${maxBurstKbps} kbit`,
    maxKpps == null ? '' : `${maxKpps} kpkt/s`,
    maxBurstKpps == null ? '' : `burst ${maxBurstKpps} kpkt`,
    minKbps == null ? '' : `at least ${minKbps} kbit/s`,
    dscpMark == null ? '' : `DSCP ${dscpMark}`,
  ].filter(Boolean);
  return parts.join(', ');
}
