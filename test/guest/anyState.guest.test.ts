import { afterAll, beforeAll, test } from 'vitest';
import { nodeFlags } from './compileAgent.ts';
import { type Guest, startGuest } from './guest.ts';
import { shellLine } from './shellLine.ts';

const cases = Number(process.env.ANY_STATE_CASES ?? 8);
const seed = Number(process.env.ANY_STATE_SEED ?? 60);
const timeoutMs = 60_000 + cases * 30_000;

let guest: Guest;
beforeAll(async () => {
  guest = await startGuest();
});
afterAll(() => guest?.[Symbol.asyncDispose]());

/** All of it runs in the guest, as agents do. */
test(`any wanted state is reached from any switch on the kernel’s datapath, and from wherever a stop left it (ANY_STATE_SEED=${seed})`, {
  timeout: timeoutMs,
}, async () => {
  const program = '/sluice/test/guest/anyState.ts';
  const words = [...nodeFlags, program, `${cases}`, `${seed}`];
  const shrink = process.env.ANY_STATE_SHRINK;
  const settings = shrink === undefined ? [] : [`ANY_STATE_SHRINK=${shrink}`];
  await guest.succeed(shellLine('env', [...settings, 'node', ...words]), { timeoutMs });
});
