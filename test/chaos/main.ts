import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Engine, type Outcome, playRound } from './round.ts';

/**
 * `npm run chaos -- --rounds 10 --engine postgres [--seed 1] [--file chaos.jsonl]`: rounds that are in the file already are not
 * played again. Prints a table of what was broken and how often all came out right; exit code 1 when something did not.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    engine: { type: 'string', default: 'sqlite' },
    file: { type: 'string' },
  },
});

const ENGINES: readonly Engine[] = ['sqlite', 'postgres', 'mariadb'];
const engine = ENGINES.find((name) => name === values.engine) ?? 'sqlite';
const { file } = values;
const lines = file !== undefined && existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
const outcomes = lines.filter((line) => line !== '').map((line): Outcome => JSON.parse(line));
for (let seed = Number(values.seed); seed < Number(values.seed) + Number(values.rounds); seed++) {
  if (outcomes.some((done) => done.seed === seed && done.engine === engine)) continue;
  const outcome = await playRound(seed, engine);
  outcomes.push(outcome);
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(outcome)}\n`);
  process.stderr.write(`${engine} ${seed} ${outcome.fault}: ${outcome.wrong.join('; ') || 'clean'}\n`);
}

const keys = [...new Set(outcomes.map((one) => `${one.engine} | ${one.fault}`))].sort();
process.stdout.write('| database | what broke | rounds | clean |\n| --- | --- | ---: | ---: |\n');
for (const key of keys) {
  const own = outcomes.filter((one) => `${one.engine} | ${one.fault}` === key);
  process.stdout.write(`| ${key} | ${own.length} | ${own.filter((one) => one.wrong.length === 0).length} |\n`);
}
process.exitCode = outcomes.every((one) => one.wrong.length === 0) ? 0 : 1;
