import { LastGoodStore } from '../../agent/lastGoodStore.ts';
import { limitOf } from './limits.ts';

/** Saves state after state, whole ones and changes, until it is killed; says on standard output when it has begun. */
const [path = '', host = ''] = process.argv.slice(2);
const limit = limitOf({ ruleId: 'rule', maxKbps: 1000 });
const store = new LastGoodStore({ path, host });

for (let round = 1; ; round += 1) {
  // Of another length each time, so that a half-written file could not pass for a whole one; few ports are a line.
  const most = round % 2 === 0 ? 400 : 40;
  const ports = Array.from({ length: 1 + ((round * 37) % most) }, (_, index) => ({
    portId: `port-${index}`,
    egress: { ...limit, ruleVersion: round },
    ingress: null,
  }));
  const desired = {
    cursor: `${round} with ${ports.length}`,
    adminStateUp: true,
    ports: new Map(ports.map((port) => [port.portId, port])),
  };
  await store.save(desired);
  if (round === 1) process.stdout.write('saved\n');
}
