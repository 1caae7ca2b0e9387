import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts `NAME.js`, next to the module `beside`, as a worker thread, from the build as well as from the sources. Node
 * 20 reads no TypeScript, and neither vitest's nor tsx's loader reaches into a new thread; so from the sources the
 * thread gets a bundle, made once per process. The build has no .ts and never needs esbuild.
 */
export function startWorker(name: string, options: WorkerOptions, beside = import.meta.url): Worker {
  const here = new URL(beside);
  const entry = here.pathname.endsWith('.ts') ? bundled(new URL(`./${name}.ts`, here)) : new URL(`./${name}.js`, here);
  return new Worker(entry, options);
}

type Esbuild = { buildSync(options: object): { outputFiles: { contents: Uint8Array }[] } };
const bundles = new Map<string, string>();

/** Beside the packages that it imports. A loader that compiles in the thread itself took eight times as long to start. */
function bundled(source: URL): string {
  const known = bundles.get(source.href);
  if (known !== undefined) return known;
  const require = createRequire(import.meta.url);
  const folder = join(require.resolve('esbuild/package.json'), '../../.cache/netdelta');
  const options = { bundle: true, write: false, platform: 'node', format: 'esm', packages: 'external' };
  const [file] = (require('esbuild') as Esbuild).buildSync({
    ...options,
    entryPoints: [fileURLToPath(source)],
  }).outputFiles;
  if (file === undefined) throw new Error(`${source} was not bundled`);
  const path = join(folder, `${createHash('sha256').update(file.contents).digest('hex').slice(0, 16)}.mjs`);
  mkdirSync(folder, { recursive: true });
  // Other processes write the same.
  writeFileSync(`${path}.${process.pid}`, file.contents);
  renameSync(`${path}.${process.pid}`, path);
  bundles.set(source.href, path);
  return path;
}
