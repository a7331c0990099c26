/** `npm run bench [NAME]`: runs one benchmark, or the usual ones one after the other. */
const usual = ['change', 'stages', 'throughput', 'flat', 'agent', 'fleet', 'cli'] as const;
/** A quarter of an hour, and an emulated machine. */
const onlyByName = ['burst'] as const;
const benchmarks = [...usual, ...onlyByName];

const [name] = process.argv.slice(2);
const chosen = name === undefined ? usual : benchmarks.filter((each) => name === each);
if (chosen.length === 0) {
  process.stderr.write(`There is no benchmark ${name}; there are: ${benchmarks.join(', ')}.\n`);
  process.exit(2);
}
process.argv.splice(2, 1);
for (const each of chosen) await import(`./${each}.ts`);
