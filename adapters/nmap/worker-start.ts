import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts `NAME.js`, which stands beside the module `beside`, as a worker thread, from the build as well as from the sources. Node 20 reads no
 * TypeScript, and neither vitest's nor tsx's loader reaches into a new thread; so from the sources a line of bootstrap
 * registers tsx there first. The build has no .ts and never needs tsx.
 */
export function startWorker(name: string, options: WorkerOptions, beside = import.meta.url): Worker {
  const here = new URL(beside);
  if (!here.pathname.endsWith('.ts')) return new Worker(new URL(`./${name}.js`, here), options);
  const tsx = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const file = JSON.stringify(new URL(`./${name}.ts`, here).href);
  return new Worker(`import(${tsx}).then(({ register }) => (register(), import(${file})))`, { ...options, eval: true });
}
