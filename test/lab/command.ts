import { spawn } from 'node:child_process';

export type CommandResult = { code: number | null; stdout: string; stderr: string };

/** Runs a program without a shell and returns its output; never throws for its exit code. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { input?: string; signal?: AbortSignal; cwd?: string } = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: 'pipe',
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    const result: CommandResult = { code: null, stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      result.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      result.stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...result, code }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

/** As `runCommand`, but any exit code other than 0 is an error that names the command. */
export async function mustRun(command: string, args: readonly string[], input?: string): Promise<string> {
  const result = await runCommand(command, args, input === undefined ? {} : { input });
  if (result.code === 0) return result.stdout;
  throw new Error(
    `${command} ${args.join(' ')} failed (${result.code}): ${result.stderr.trim() || result.stdout.trim()}`,
  );
}
