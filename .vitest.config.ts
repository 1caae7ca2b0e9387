import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** What takes a network, database servers or minutes: `npm run test:long`, which `.ci/run` calls too. */
const LONG = 'test/**/*.long.test.ts';

/** Tests of many inputs: a few of them every day, many in the long run (`test/thorough.ts`). */
const THOROUGH = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .map((name) => `test/${name}`)
  .filter((path) => path.endsWith('.test.ts') && /\bamount\(/.test(readFileSync(path, 'utf8')));

const ALL = ['test/**/*.test.ts'];
const NOT_EVERYDAY = ['test/bench/**', LONG];

const common = {
  pool: 'forks',
  // Two cores are busy with four: much of a test is waiting for nmap, Redis and databases.
  maxWorkers: 4,
  // What a test makes is garbage soon: it is collected while it is young, and a tenth of the time less is spent on that.
  execArgv: ['--max-semi-space-size=64'],
  // Longer than a test waits for one thing (`test/until.ts`), so that a failure says what did not come.
  testTimeout: 180_000,
  hookTimeout: 180_000,
  expect: { poll: { timeout: 90_000 } },
} as const;

export default defineConfig({
  test: {
    ...common,
    globalSetup: 'test/temporary-files.ts',
    setupFiles: ['test/quiet-queries.ts'],
    // Modules stay transformed between runs.
    experimental: { fsModuleCache: true },
    projects: [
      // One process reads each module once for all its files: half of the time was reading modules. Also of the whole bots
      // that chat tests start in theirs. So `npm test` is one project, and the unit tests are one besides.
      { extends: true, test: { name: 'everyday', include: ALL, exclude: NOT_EVERYDAY, isolate: false } },
      {
        extends: true,
        test: { name: 'unit', include: ALL, exclude: [...NOT_EVERYDAY, 'test/e2e/**'], isolate: false },
      },
      {
        extends: true,
        test: { name: 'long', include: [LONG, ...THOROUGH], env: { NETDELTA_THOROUGH: 'yes' } },
      },
    ],
  },
});
