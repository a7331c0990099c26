/** A program that needs the embedded database of a data folder until it is told to stop, or killed. */
import { createLog } from '../../lib/log.ts';
import { startEmbeddedPostgres } from '../../src/db/embedded.ts';

const [dataDir] = process.argv.slice(2);
if (!dataDir) throw new Error('Name the data folder.');
const controller = new AbortController();
process.once('SIGTERM', () => controller.abort());
const postgres = await startEmbeddedPostgres({ dataDir, log: createLog('holder', 'warn', 'json') });
console.log(postgres.url);
await postgres.run(controller.signal);
