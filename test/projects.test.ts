/**
 * Plan. Tests are sorted by what they ask of a machine (vitest.config.ts), for those that ask nothing need not run on every one.
 * - every test file is in one project, and in one only
 * - what is in `pure` imports nothing that reaches beyond this process, nor do its helpers: no processes, no network, no browser, no device
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const BEYOND = /^(node:(child_process|cluster|dgram|http|http2|https|net|os|worker_threads)|puppeteer|vite|webgpu)$/;
const MACHINE = /src\/(cli|gpu\/node)\/|-node\.ts$/;

const listed = (
  JSON.parse(
    execFileSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'list', '--filesOnly', '--json'], {
      cwd: root,
      encoding: 'utf8',
    }),
  ) as { readonly file: string; readonly projectName: string }[]
).map(({ file, projectName }) => ({ file: relative(root, file), project: projectName }));

it('are all in one project', () => {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' });
  const tests = files.filter((file) => file.endsWith('.test.ts')).map((file) => join('test', file));
  expect(listed.map(({ file }) => file).toSorted()).toEqual(tests.toSorted());
});

/** What a file and the files of test/ behind it import. */
function importsOf(file: string, seen: Set<string> = new Set()): Set<string> {
  for (const [, name] of readFileSync(file, 'utf8').matchAll(/^(?:import|export)[^;]*?from '([^']+)'/gms)) {
    const path = name!.startsWith('.') ? join(dirname(file), name!) : name!;
    if (seen.has(path)) continue;
    seen.add(path);
    if (path.startsWith(import.meta.dirname) && existsSync(path) && path.endsWith('.ts')) importsOf(path, seen);
  }
  return seen;
}

const pure = listed.filter(({ project }) => project === 'pure');

it.each(pure)('$file only computes', ({ file }) => {
  const beyond = [...importsOf(join(root, file))].filter((path) => BEYOND.test(path) || MACHINE.test(path));
  expect(beyond).toEqual([]);
});
