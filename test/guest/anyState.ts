import { kernel } from '../agent/drivers/ovs/anyState/datapaths.ts';
import { tryCases } from '../agent/drivers/ovs/anyState/property.ts';

const [cases, seed] = process.argv.slice(2).map(Number);
if (!cases || seed === undefined) throw new Error('Usage: anyState.ts CASES SEED');

// In the guest: what it has to say is said by failing.
await tryCases(kernel, { cases, seed });
