import { access, constants } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';

/**
 * The first of several programs of that name that can be started. A file with capabilities can't, if those are not in
 * the process's bounding set (Kubernetes' restricted policy, `--cap-drop ALL`): the kernel then refuses with EPERM,
 * while a plain one later in the search path still starts. `attempt` rejects with the system's error when it can't be
 * started.
 */
export async function firstStartable<T>(
  command: string,
  searchPath: string,
  attempt: (command: string) => Promise<T>,
): Promise<{ command: string; result: T }> {
  try {
    return { command, result: await attempt(command) };
  } catch (error) {
    if (!isNotPermitted(error)) throw error;
    const [, ...others] = await filesNamed(command, searchPath);
    for (const other of others) {
      const result = await attempt(other).catch((again: unknown) => (isNotPermitted(again) ? undefined : raise(again)));
      if (result !== undefined) return { command: other, result };
    }
    throw error;
  }
}

function isNotPermitted(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPERM';
}

function raise(error: unknown): never {
  throw error;
}

async function filesNamed(command: string, searchPath: string): Promise<string[]> {
  if (isAbsolute(command)) return [command];
  const found: string[] = [];
  for (const directory of searchPath.split(':').filter((one) => one !== '')) {
    const path = join(directory, command);
    const executable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) found.push(path);
  }
  return found;
}
