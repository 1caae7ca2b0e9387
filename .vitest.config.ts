import { defineConfig } from 'vitest/config';

const common = {
  pool: 'forks',
  // Two cores are busy with three: much of a test is waiting for nmap, Redis and databases.
  maxWorkers: 3,
  testTimeout: 60_000,
  hookTimeout: 60_000,
} as const;

export default defineConfig({
  test: {
    ...common,
    globalSetup: 'test/temporary-files.ts',
    projects: [
      // One process reads each module once for all its files: half of the time was reading modules.
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/bench/**', 'test/e2e/**'],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'] } },
    ],
  },
});
