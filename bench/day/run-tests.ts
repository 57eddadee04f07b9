import { startTests, type Task, type VitestRunner } from '@vitest/runner';
import { getTests } from '@vitest/runner/utils';

/**
 * Runs one bundled file of tests and writes what came out as a line of JSON.
 *
 * usage: node run-tests.js FILE
 */

const [file] = process.argv.slice(2);

const runner: VitestRunner = {
  config: {
    root: process.cwd(),
    setupFiles: [],
    name: undefined,
    passWithNoTests: false,
    testNamePattern: undefined,
    allowOnly: false,
    sequence: { seed: 1, hooks: 'stack', setupFiles: 'list' },
    chaiConfig: undefined,
    maxConcurrency: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    retry: 0,
    includeTaskLocation: false,
    tags: [],
    tagsFilter: undefined,
    strictTags: false,
  },
  importFile: (path) => import(path),
};

const files = await startTests([{ filepath: file! }], runner);
const tests = files.flatMap((one) => getTests(one));
const wrong = [...files, ...tests].filter(({ result }) => result?.state === 'fail');
const outcome = {
  passed: tests.filter(({ result }) => result?.state === 'pass').length,
  failed: wrong.map((task) => ({
    name: nameOf(task),
    message: task.result!.errors?.[0]?.message ?? 'no reason given',
  })),
};
// Dawn's threads outlive its devices.
process.stdout.write(`${JSON.stringify(outcome)}\n`, () => process.exit(wrong.length > 0 ? 1 : 0));

function nameOf(task: Task): string {
  return task.suite ? `${nameOf(task.suite)} > ${task.name}` : task.name;
}
