import { ENGINES } from './databases.ts';
import type { Outcome } from './round.ts';

/**
 * Each fault with the rounds that contained it, alone or with another, and how many of them were clean, by database.
 */
export function table(outcomes: readonly Outcome[]): string {
  const engines = ENGINES.filter((engine) => outcomes.some((one) => one.engine === engine));
  const faults = [...new Set(outcomes.flatMap(({ faults }) => faults))].sort();
  const count = (rounds: readonly Outcome[]) =>
    rounds.length === 0 ? '–' : `${rounds.filter(({ wrong }) => wrong.length === 0).length} of ${rounds.length}`;
  const row = (name: string, fits: (one: Outcome) => boolean) =>
    `| ${name} | ${engines.map((engine) => count(outcomes.filter((one) => one.engine === engine && fits(one)))).join(' | ')} |\n`;
  return [
    `| what broke | ${engines.join(' | ')} |\n| --- |${engines.map(() => ' ---: |').join('')}\n`,
    ...faults.map((fault) => row(fault, (one) => one.faults.includes(fault))),
    row('all rounds', () => true),
  ].join('');
}
