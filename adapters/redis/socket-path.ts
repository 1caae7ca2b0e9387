import { createHash } from 'node:crypto';
import { lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../src/core/errors.ts';

/** `sun_path` is 108 bytes on Linux and 104 on macOS and the BSDs, including the final NUL: unix(7). */
const MAX_SOCKET_PATH = 103;

/**
 * Where a server that belongs to a directory listens: in it, or if that path is too long for a socket, in a directory
 * of our own under the system's temporary one, the same for every process. Both are accessible only to this user.
 */
export async function socketPath(directory: string, socket: string, temporary = tmpdir()): Promise<string> {
  const path = join(directory, socket);
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH) return path;
  const name = `netdelta-${process.getuid?.() ?? 0}-${createHash('sha256').update(directory).digest('hex').slice(0, 12)}`;
  const candidates = [temporary, '/tmp'].map((root) => join(root, name));
  const short = candidates.find((candidate) => Buffer.byteLength(join(candidate, socket)) <= MAX_SOCKET_PATH);
  if (!short) throw new UserError(`the path of ${directory} is too long for a socket`);
  await ownDirectory(short);
  return join(short, socket);
}

/** Creates it, or uses an existing one only if nobody else could have put it there or can write to it. */
async function ownDirectory(directory: string): Promise<void> {
  await mkdir(directory, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const found = await lstat(directory);
  if (found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0) return;
  throw new UserError(`${directory} is not a directory that only this user can open`, {
    hint: 'remove it, or set NETDELTA_DATA_DIR to a shorter path',
  });
}
