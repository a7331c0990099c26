import type { Uuid } from '../../ovsdb/notation.ts';
import type { DirectionResult } from '../driver.ts';
import { type Aim, type Check, headFrom } from './aims.ts';
import { directionKey, type Failures } from './apply.ts';
import type { Finding } from './judge.ts';

/** What is looked at where it acts. Its findings are those of its checks, in their order. */
export type CheckedAim = Exclude<Aim, { kind: 'verdict' }>;

/** A limit that the database has and the kernel does not. */
export type Missing = Extract<Check, { kind: 'htb' | 'police' | 'guarantee' }>;

const lostKinds: ReadonlySet<Check['kind']> = new Set(['htb', 'police', 'guarantee']);

export interface Altered {
  readonly row: Uuid;
  /** As it is in the kernel. */
  readonly burstKbps: number;
}

/** What needs no reading, or could not be applied. */
export function unread(aim: Aim, failures: Failures): DirectionResult {
  const [status, message] =
    aim.kind === 'verdict'
      ? [aim.status, aim.message]
      : (['FAILED', failures.get(directionKey(aim)) ?? null] as const);
  return { ...headFrom(aim), status, message, programmed: null };
}

export function resultOf(aim: CheckedAim, findings: readonly Finding[]): DirectionResult {
  const head = headFrom(aim);
  const message = findings.flatMap(({ fault }) => fault ?? []).join(' ') || null;
  if (message !== null) return { ...head, status: 'FAILED', message, programmed: null };
  if (aim.kind === 'removed') {
    return { ...head, status: 'APPLIED', message: null, programmed: null };
  }
  return { ...head, ...asProgrammed(aim, findings) };
}

/** What holds, with a sentence for each value that is not the one asked for. */
function asProgrammed(
  { programmed, notes }: Extract<Aim, { kind: 'enforced' }>,
  findings: readonly Finding[],
): Pick<DirectionResult, 'status' | 'message' | 'programmed'> {
  const burstKbps = findings.find((finding) => finding.burstKbps !== null)?.burstKbps ?? null;
  if (burstKbps === null) {
    const message = notes.length > 0 ? notes.join(' ') : null;
    return { status: message === null ? 'APPLIED' : 'DEGRADED', message, programmed };
  }
  const changed = `The burst is ${burstKbps} kbit; ${programmed.maxBurstKbps} was set.`;
  return {
    status: 'DEGRADED',
    message: [...notes, changed].join(' '),
    programmed: { ...programmed, maxBurstKbps: burstKbps },
  };
}

export function missingIn(aim: CheckedAim, findings: readonly Finding[]): Missing[] {
  return aim.checks.filter(
    (check, index): check is Missing =>
      lostKinds.has(check.kind) && findings[index]?.fault !== null,
  );
}

export function heldIn(aim: CheckedAim, findings: readonly Finding[]): Uuid[] {
  return aim.checks.flatMap((check, index) =>
    'row' in check && findings[index]?.fault === null && findings[index].burstKbps === null
      ? [check.row]
      : [],
  );
}

export function alteredIn(aim: CheckedAim, findings: readonly Finding[]): Altered[] {
  return aim.checks.flatMap((check, index) => {
    const burstKbps = findings[index]?.burstKbps ?? null;
    return 'row' in check && burstKbps !== null ? [{ row: check.row, burstKbps }] : [];
  });
}
