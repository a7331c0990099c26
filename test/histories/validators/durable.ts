import { type History, ofKind, type Violation } from '../history.ts';

/**
 * Promise 5, durable: what a caller was told is done, is done: the audit log has it, written in the
 * transaction of the change itself.
 */
export function durable(history: History): Violation[] {
  const audited = new Set(history.audit.map(({ ruleId, version }) => `${ruleId} v${version}`));
  return ofKind(history, 'acknowledged').flatMap(({ ruleId, version }) =>
    audited.has(`${ruleId} v${version}`)
      ? []
      : [
          version === null
            ? `The deletion of rule ${ruleId} was acknowledged, and is not in the audit log.`
            : `Version ${version} of rule ${ruleId} was acknowledged, and is not in the audit log.`,
        ],
  );
}
