import os from 'node:os';
import path from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // A quarter of the time would go by with loading the same modules once for each file; none of them keeps what a test leaves.
    isolate: false,
    restoreMocks: true,
    unstubEnvs: true,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Hundreds of commands are run as processes; each would spend half its time stripping the same types.
    env: { NODE_COMPILE_CACHE: path.join(os.tmpdir(), 'genesys-gitops-test-compiled') },
  },
});
