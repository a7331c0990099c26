import { beforeEach, describe, expect, test } from 'vitest';
import { FeedLag } from '../../agent/feedLag.ts';

let nowMs: number;
let lag: FeedLag;
beforeEach(() => {
  nowMs = 1_000;
  lag = new FeedLag(() => nowMs);
});

describe('The feed lags', () => {
  test('from the heartbeat that names another position until the next step', () => {
    lag.told('c2', 'c1', nowMs);
    nowMs += 3_000;
    lag.told('c3', 'c1', nowMs);
    nowMs += 2_000;
    expect(lag.seconds).toBe(5);

    lag.stepped();

    expect(lag.seconds).toBe(0);
  });

  test('no longer when a heartbeat names the agent’s own position', () => {
    lag.told('c2', 'c1', nowMs);
    nowMs += 3_000;
    lag.told('c2', 'c2', nowMs);
    expect(lag.seconds).toBe(0);
  });

  test('not when a step overtook the heartbeat’s answer', () => {
    const sentAtMs = nowMs;
    nowMs += 10;
    lag.stepped();
    lag.told('c1', 'c2', sentAtMs);
    nowMs += 1_000;
    expect(lag.seconds).toBe(0);
  });
});
