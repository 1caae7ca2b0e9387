// Bundles the program into dist/src: main.js, the threads and processes beside it, and the chunks that they share.
// What is loaded with a command is a few files instead of some hundred: comparing two files starts in a quarter of the time.
// usage: node .ci/build.mjs [OUTDIR [ENTRY…]]
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';

/** On the way to the first result, and without native code or files of their own. All other packages stay as they are installed. */
const BUNDLED = new Set([
  ...['commander', 'fast-xml-parser', 'ipaddr.js', 'luxon', 'cron-parser', 'zod'],
  ...['bullmq', 'ioredis', 'sequelize'],
  ...['fastest-levenshtein', 'lru-cache', 'nodemailer', 'prom-client', 'string-width', 'umzug', 'yaml'],
]);
/** What Sequelize would load for a column type of PostgreSQL that is not used here. */
const UNUSED = ['pg-hstore'];
/** Umzug's command line, which is not used here, would load a hundred files with the first migration. */
const withoutUmzugCli = {
  name: 'without umzug’s command line',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]umzug[\\/]lib[\\/]cli\.js$/ }, () => ({ contents: 'exports.UmzugCLI = undefined;' })),
};
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const external = Object.keys(dependencies).filter((name) => !BUNDLED.has(name));

const [outdir = 'dist', ...more] = process.argv.slice(2);

await build({
  entryPoints: [
    ...['src/main.ts', 'adapters/nmap/xml-worker.ts', 'adapters/redis/guard-entry.ts'],
    ...['src/app/judge-thread-entry.ts', 'src/app/report-thread-entry.ts', 'src/app/host-thread-entry.ts', ...more],
  ],
  outdir: `${outdir}/src`,
  // Side by side, because a thread is started by its name beside the module that starts it.
  entryNames: '[name]',
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: [...external.flatMap((name) => [name, `${name}/*`]), ...UNUSED],
  // Packages written for CommonJS ask for Node's own modules by `require`.
  banner: { js: "import { createRequire as netdeltaRequire } from 'node:module';\nconst require = netdeltaRequire(import.meta.url);" },
  plugins: [withoutUmzugCli],
  sourcemap: true,
  logLevel: 'warning',
});
