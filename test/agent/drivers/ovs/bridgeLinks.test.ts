import { expect, test } from 'vitest';
import { BridgeLinks, mostBridges } from '../../../../agent/drivers/ovs/bridgeLinks.ts';

const named = (count: number) => Array.from({ length: count }, (_, n) => `br${n}`);

test('of a database that names bridges without end so many are followed, and all again once it names fewer', async () => {
  const links = new BridgeLinks('unix:/tmp/sluice-no-such-folder/db.sock', {
    onChange: () => undefined,
    onConnect: () => undefined,
    patienceMs: 1_000,
  });
  const stop = new AbortController();
  const running = links.run(stop.signal);

  links.follow(named(100_000));
  expect(links.tooMany).toBe(100_000);
  expect(links.get(`br${mostBridges - 1}`)).toBeDefined();
  expect(links.get(`br${mostBridges}`)).toBeUndefined();

  links.follow(named(3));
  expect(links.tooMany).toBeNull();
  expect(links.get('br2')).toBeDefined();
  expect(links.get('br3')).toBeUndefined();
  stop.abort();
  await running;
});
