import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const MAX_BYTES = 64 * 1024;

/**
 * `NAME_FILE` names a file that contains the value of `NAME`, as container platforms mount secrets, so that it is in no
 * environment and no process list. Reports every problem at once, without the value.
 */
export function readSecretFiles(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
  names: readonly string[],
): { values: Record<string, string>; problems: string[] } {
  const values: Record<string, string> = {};
  const problems: string[] = [];
  for (const name of names) {
    const path = env[`${name}_FILE`];
    if (path === undefined || path === '') continue;
    if ((env[name] ?? '') !== '') {
      problems.push(`${name}_FILE: ${name} is set too; use one of them`);
      continue;
    }
    try {
      const text = readFileSync(resolve(cwd, path), 'utf8');
      if (text.length > MAX_BYTES) problems.push(`${name}_FILE: ${path} is too large for a secret`);
      else if (text.trim() === '') problems.push(`${name}_FILE: ${path} is empty`);
      else values[name] = text.trim();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
      problems.push(`${name}_FILE: ${path} can't be read (${code})`);
    }
  }
  return { values, problems };
}
