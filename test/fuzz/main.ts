import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';
import { TARGETS } from './targets.ts';

// npm run fuzz -- [--seed N] [--count N]: inputs that strangers can send, changed at random but the same for a seed.
// A finding becomes a test beside the code that it is about.
const { values } = parseArgs({ options: { seed: { type: 'string' }, count: { type: 'string' } } });
const options = { seed: Number(values.seed ?? 1), count: Number(values.count ?? 20_000) };
const before = process.memoryUsage().heapUsed;
const findings = await fuzz(TARGETS, options);
for (const { target, input, what } of findings) {
  console.log(`${target}: ${what}\n  input: ${JSON.stringify(input.slice(0, 2_000))}`);
}
const grown = Math.round((process.memoryUsage().heapUsed - before) / 1024 / 1024);
console.log(`${options.count} inputs, seed ${options.seed}: ${findings.length} findings; heap grown by ${grown} MB`);
process.exitCode = findings.length === 0 ? 0 : 1;
