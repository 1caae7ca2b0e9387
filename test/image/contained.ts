import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';

/** What an image says about how it is run. */
export const IMAGE = z.object({
  User: z.string(),
  Env: z.array(z.string()),
  Entrypoint: z.array(z.string()),
  Cmd: z.array(z.string()),
  Healthcheck: z.object({ Test: z.array(z.string()) }),
});
export type Image = z.infer<typeof IMAGE> & {
  /** The directory in which its files lie. */
  root: string;
};

/** How one container is started. */
export type Box = {
  user: number;
  /** Capabilities of the bounding set: all that an engine grants. */
  capabilities: readonly string[];
  /** The directory behind /data, the only one that can be written. */
  data: string;
  env?: Readonly<Record<string, string>>;
};

export type Contained = {
  child: ChildProcess;
  /** What it has written so far, to standard output and to standard error. */
  output(): string;
  /** Its exit code; null when a signal ended it. */
  ended: Promise<number | null>;
};

/**
 * As an engine would: file systems and process ids of its own, the root read-only, all capabilities but these gone for good.
 * Needs root. The network is the caller's.
 */
const ENTER = `set -eu
view=$1 data=$2 user=$3 bounds=$4; shift 4
mount --make-rprivate /
mount --bind "$view" "$view"
mount -o remount,bind,ro "$view"
mount -t proc proc "$view/proc"
mount --rbind /dev "$view/dev"
mount --bind "$data" "$view/data"
exec chroot "$view" /usr/bin/setpriv --reuid "$user" --regid "$user" --clear-groups --inh-caps=-all --bounding-set "$bounds" \\
  /usr/bin/env -i "$@"`;

/** Runs a command in it, instead of its entry point. */
export function inside(image: Image, box: Box, command: readonly string[]): Contained {
  const bounds = ['-all', ...box.capabilities.map((name) => `+${name}`)].join(',');
  const env = [...image.Env, ...Object.entries(box.env ?? {}).map(([name, value]) => `${name}=${value}`)];
  const child = spawn(
    'unshare',
    [
      ...['--mount', '--pid', '--fork', '--kill-child', '--', 'sh', '-c', ENTER, 'enter'],
      ...[image.root, box.data, String(box.user), bounds, ...env, ...command],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (more) => (text += more));
  return { child, output: () => text, ended: once(child, 'close').then(([code]) => code) };
}

/** Starts it with these arguments, as `docker run IMAGE …` does. */
export function start(image: Image, box: Box, args: readonly string[] = image.Cmd): Contained {
  return inside(image, box, [...image.Entrypoint, ...args]);
}

/** Runs it to its end. Throws with what it wrote when it ends otherwise than with `code`. */
export async function finished(contained: Contained, code = 0): Promise<string> {
  const end = await contained.ended;
  if (end !== code) throw new Error(`it ended with ${end} instead of ${code}:\n${contained.output()}`);
  return contained.output();
}

/** The image's own health check, asked as an engine does: true for healthy. */
export async function isHealthy(image: Image, box: Box): Promise<boolean> {
  const [kind, ...command] = image.Healthcheck.Test;
  if (kind !== 'CMD') throw new Error(`the health check is ${kind}`);
  return (await inside(image, box, command).ended) === 0;
}
