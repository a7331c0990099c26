import { test } from 'vitest';
import { userspace } from './anyState/datapaths.ts';
import { tryCases } from './anyState/property.ts';

const cases = Number(process.env.ANY_STATE_CASES ?? 50);
const seed = Number(process.env.ANY_STATE_SEED ?? 60);

test(
  `any wanted state is reached from any switch, at once, and from wherever a stop left it (ANY_STATE_SEED=${seed})`,
  {
    timeout: 60_000 + cases * 3_000,
  },
  () => tryCases(userspace, { cases, seed }),
);
