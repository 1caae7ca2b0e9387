import { type Check, runChecks } from '../app/checks.ts';
import type { Config } from '../config.ts';
import { counted } from '../core/text.ts';
import { EXIT, type Io } from './io.ts';

const MARKS = { ok: 'ok  ', warning: 'warn', problem: 'FAIL' } as const;

/** `netdelta doctor`: exit 0 when it works, with or without warnings, and 1 when something does not. */
export async function runDoctor(config: Config, io: Io): Promise<number> {
  const found = { ok: 0, warning: 0, problem: 0 };
  for await (const check of runChecks(config)) {
    found[check.result] += 1;
    for (const line of linesOf(check)) io.stdout(line);
  }
  io.stdout(`${verdict(found)}.`);
  return found.problem === 0 ? EXIT.ok : EXIT.different;
}

function verdict({ warning, problem }: { warning: number; problem: number }): string {
  if (problem > 0) return `${counted(problem, 'problem')} to fix`;
  return warning === 0 ? 'All is well' : `Everything works, with ${counted(warning, 'warning')}`;
}

function linesOf(check: Check): string[] {
  const line = `${MARKS[check.result]}  ${check.name}: ${check.says}`;
  return check.fix === undefined ? [line] : [line, `      → ${check.fix}`];
}
