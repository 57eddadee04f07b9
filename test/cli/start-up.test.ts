/**
 * Plan. What needs no regimes, shaders or devices starts without them: `--version`, `--help` and a slip of the keyboard take less than a quarter of
 * a second of processor time, user and system together, the least of three starts.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const command = join(import.meta.dirname, '../../dist/cli/collapse.js');
const ASK = "process.on('exit', () => { const { user, system } = process.cpuUsage(); console.error(user + system); });";

/** Microseconds of processor time, and the exit code. */
function start(...args: string[]) {
  const asking = `data:text/javascript,${encodeURIComponent(ASK)}`;
  const { stderr, status } = spawnSync(process.execPath, ['--import', asking, command, ...args], { encoding: 'utf8' });
  return { microseconds: Number(stderr.trimEnd().split('\n').at(-1)), status };
}

it.each<[string, number]>([
  ['--version', 0],
  ['--help', 0],
  ['rnu', 2],
])('%s', (argument, status) => {
  const starts = [1, 2, 3].map(() => start(argument));
  expect(starts.map((one) => one.status)).toEqual([status, status, status]);
  expect(Math.min(...starts.map(({ microseconds }) => microseconds))).toBeLessThan(250_000);
});
