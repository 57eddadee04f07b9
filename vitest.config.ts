import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Left to itself, Vitest keeps one core free: half of a machine of two. */
const cores = availableParallelism();

/** What asks the machine for more than arithmetic: files and processes, the command, peers, time, fonts. */
const SYSTEM = [
  'test/{bench,cli,cluster,fuzz,gpu}/**/*.test.ts',
  'test/engine/shards.test.ts',
  'test/report/{figure,*-node}.test.ts',
  'test/projects.test.ts',
];
const GPU = 'test/**/*.gpu.test.ts';
const END_TO_END = 'test/end-to-end/**/*.test.ts';

/** Two at a time at most, each in a process of its own: they share the adapter, browsers and what was built. */
const shared = { pool: 'forks', maxWorkers: Math.min(2, cores), sequence: { groupOrder: 1 } } as const;

/**
 * `pure` computes, and gives the same answers wherever Node runs; the others depend on the machine: `gpu` opens its adapter
 * (COLLAPSE_ADAPTER chooses another one), `end-to-end` starts a browser, `system` is in the comment above. test/projects.test.ts keeps
 * them apart.
 */
export default defineConfig({
  test: {
    maxWorkers: cores,
    projects: [
      {
        test: {
          name: 'pure',
          include: ['test/**/*.test.ts'],
          exclude: [GPU, END_TO_END, ...SYSTEM],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'system',
          include: SYSTEM,
          exclude: [GPU],
          globalSetup: 'test/support/build.ts',
          testTimeout: 120_000,
        },
      },
      {
        test: { ...shared, name: 'gpu', include: [GPU], testTimeout: 120_000, hookTimeout: 120_000 },
      },
      {
        test: {
          ...shared,
          name: 'end-to-end',
          include: [END_TO_END],
          globalSetup: 'test/support/build.ts',
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
