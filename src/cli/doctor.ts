import { type Check, runChecks } from '../app/checks.ts';
import type { Config } from '../config.ts';
import { EXIT, type Io } from './io.ts';

const MARKS = { ok: 'ok  ', warning: 'warn', problem: 'FAIL' } as const;

/** `netdelta doctor`: exit 0 when all is well, 1 when something is not. Warnings alone are well. */
export async function runDoctor(config: Config, io: Io): Promise<number> {
  let problems = 0;
  for await (const check of runChecks(config)) {
    if (check.result === 'problem') problems += 1;
    for (const line of linesOf(check)) io.stdout(line);
  }
  io.stdout(problems === 0 ? 'All is well.' : `${problems} ${problems === 1 ? 'problem' : 'problems'} to fix.`);
  return problems === 0 ? EXIT.ok : EXIT.different;
}

function linesOf(check: Check): string[] {
  const line = `${MARKS[check.result]}  ${check.name}: ${check.says}`;
  return check.fix === undefined ? [line] : [line, `      → ${check.fix}`];
}
