import { defineConfig } from 'vitest/config';

/** The long tests: every point and every seed. They print a table, and hold docs/reference/bad-days.md to it. */
export default defineConfig({
  test: {
    include: ['test/long/**/*.long.ts'],
    globalSetup: ['test/support/long-table.ts'],
    pool: 'forks',
    maxWorkers: 2,
    isolate: false,
    testTimeout: 600_000,
    hookTimeout: 60_000,
  },
});
