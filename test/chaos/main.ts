import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Databases, ENGINES, openDatabases } from './databases.ts';
import { type Outcome, playRound } from './round.ts';
import { table } from './table.ts';

/**
 * `npm run chaos -- --rounds 10 --engine postgres [--seed 1] [--file chaos.jsonl] [--logs DIRECTORY]`: rounds that are
 * already in the file are not played again. Prints a table of the faults and how often everything came out right; exit
 * code 1 when something did not. The output of a failed round's programs is kept in `--logs`.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    engine: { type: 'string', default: 'sqlite' },
    file: { type: 'string' },
    logs: { type: 'string' },
  },
});

const engine = ENGINES.find((name) => name === values.engine);
if (engine === undefined) throw new Error(`--engine must be one of ${ENGINES.join(', ')}`);
const { file, logs } = values;
const lines = file !== undefined && existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
const outcomes = lines.filter((line) => line !== '').map((line): Outcome => JSON.parse(line));
const seeds = Array.from({ length: Number(values.rounds) }, (_, index) => Number(values.seed) + index).filter(
  (seed) => !outcomes.some((done) => done.seed === seed && done.engine === engine),
);

async function play(databases: Databases): Promise<void> {
  for (const seed of seeds) {
    const outcome = await playRound(seed, databases, logs);
    outcomes.push(outcome);
    if (file !== undefined) appendFileSync(file, `${JSON.stringify(outcome)}\n`);
    const { name, ms, wrong } = outcome;
    process.stderr.write(`${engine} ${seed} ${name}, ${Math.round(ms / 1000)} s: ${wrong.join('; ') || 'clean'}\n`);
  }
}

if (seeds.length > 0) {
  const databases = await openDatabases(engine);
  await play(databases).finally(() => databases.close());
}
process.stdout.write(table(outcomes));
process.exitCode = outcomes.every(({ wrong }) => wrong.length === 0) ? 0 : 1;
