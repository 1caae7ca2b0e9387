import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';
import { TARGETS } from './targets/all.ts';

// npm run fuzz -- [--seed N] [--count N] [--only WORD]: untrusted inputs, changed at random but the same for a seed. A
// finding becomes a test beside its code.
const { values } = parseArgs({
  options: { seed: { type: 'string' }, count: { type: 'string' }, only: { type: 'string' } },
});
// Every refusal is an error, and resolving its stack in the sources takes longer than the test itself.
process.setSourceMapsEnabled(false);
const { only = '' } = values;
const options = { seed: Number(values.seed ?? 1), count: Number(values.count ?? 20_000) };
const targets = TARGETS.filter(({ name }) => name.includes(only));
const { findings, layers } = await fuzz(targets, options);
for (const { target, input, what } of findings) {
  console.log(`${target}: ${what}\n  input: ${JSON.stringify(input.slice(0, 4_000))}`);
}
for (const { target, inputs, ms, slowest, heapBefore, heapAfter } of layers) {
  const rate = Math.round((inputs * 1_000) / ms);
  const heap = `heap ${heapBefore.toFixed(0)} → ${heapAfter.toFixed(0)} MB`;
  console.log(`${target}: ${inputs} inputs, ${rate} a second, slowest ${slowest.toFixed(0)} ms, ${heap}`);
}
console.log(`seed ${options.seed}: ${findings.length} findings`);
process.exitCode = findings.length === 0 ? 0 : 1;
