/** `npm run bench [NAME]`: runs one benchmark, or all of them one after the other. */
const benchmarks = ['change', 'agent'] as const;

const [name] = process.argv.slice(2);
const chosen = benchmarks.filter((each) => name === undefined || name === each);
if (chosen.length === 0) {
  process.stderr.write(`There is no benchmark ${name}; there are: ${benchmarks.join(', ')}.\n`);
  process.exit(2);
}
process.argv.splice(2, 1);
for (const each of chosen) await import(`./${each}.ts`);
