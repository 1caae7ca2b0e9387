import { mkdir, realpath } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { knock, type Visit } from '../../adapters/door/client.ts';
import { isHeld } from '../../adapters/redis/data-lock.ts';
import { socketPath } from '../../adapters/redis/socket-path.ts';
import type { Chat } from '../ports/chat.ts';

/** The path at which the bot of a data directory listens for consoles and scripts of this machine. */
export async function doorPath(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  return await socketPath(await realpath(dataDir), 'netdelta.sock');
}

/** The system's name of the user who runs this program. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'local';
  }
}

const LOOK_AGAIN_MS = 200;

/** How long a bot that holds the data directory may take until it listens. */
const STARTS_WITHIN_MS = 20_000;

/** The bot that runs on a data directory, or undefined. Waits for one that is just starting. */
export async function visit(dataDir: string, screen?: Chat): Promise<Visit | undefined> {
  const path = await doorPath(dataDir);
  for (const deadline = Date.now() + STARTS_WITHIN_MS; ; ) {
    const found = await knock(path, userName(), screen);
    if (found !== undefined || Date.now() >= deadline || !(await isHeld(dataDir))) return found;
    await new Promise((resolve) => {
      setTimeout(resolve, LOOK_AGAIN_MS);
    });
  }
}
