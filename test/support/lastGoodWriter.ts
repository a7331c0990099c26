import { saveLastGood } from '../../agent/lastGood.ts';
import { limitOf } from './limits.ts';

/** Saves state after state until it is killed; says on standard output when it has begun. */
const [path = '', host = ''] = process.argv.slice(2);
const limit = limitOf({ ruleId: 'rule', maxKbps: 1000 });

for (let round = 1; ; round += 1) {
  // Of another length each time, so that a half-written file could not pass for a whole one.
  const ports = Array.from({ length: 1 + ((round * 37) % 400) }, (_, index) => ({
    portId: `port-${index}`,
    egress: { ...limit, ruleVersion: round },
    ingress: null,
  }));
  const desired = {
    cursor: `${round} with ${ports.length}`,
    adminStateUp: true,
    ports: new Map(ports.map((port) => [port.portId, port])),
  };
  await saveLastGood({ path, host }, desired);
  if (round === 1) process.stdout.write('saved\n');
}
