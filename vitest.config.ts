import { defineConfig } from 'vitest/config';

/**
 * Two projects: `pure` needs no GPU and runs in parallel; `gpu` shares one software or real adapter, so it runs one file
 * at a time in forked processes (Dawn keeps process-wide state).
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'pure',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.gpu.test.ts', 'test/end-to-end/**'],
          testTimeout: 60_000,
        },
      },
    ],
  },
});
