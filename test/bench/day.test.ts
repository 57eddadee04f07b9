import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/*
 * Plan: a day with a card on the machine's adapter, as short as it goes.
 * - a stage leaves its record and how it ended; the same command again does not run it again; a folder becomes tables
 * - a stage whose budget is over is cut, its record says what is missing, and the next call goes on with it
 * - tests run without Vitest, and are counted by file
 * - slips are refused with a word
 */

const root = join(import.meta.dirname, '../..');
const collapse = join(root, 'dist/cli/collapse.js');

let out = '';
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'collapse-day-'));
});
afterEach(() => rmSync(out, { recursive: true }));

const day = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(root, 'bench/day/day.mjs'), ...args], { encoding: 'utf8' });
const read = (name: string) => JSON.parse(readFileSync(join(out, name), 'utf8'));

describe('a day with a card', () => {
  it('runs a stage once, and is told in tables', () => {
    const args = ['--out', out, '--quick', '--minutes', '2', '--only', 'doctor', '--only', 'tuning'];
    expect(day(...args).status).toBe(0);
    const { stages } = read('day.json');
    expect(stages.map(({ name, state }: { name: string; state: string }) => [name, state])).toEqual([
      ['doctor', 'done'],
      ['tuning', 'done'],
    ]);
    const { rows, unfinished } = read('tuning.json');
    expect(unfinished).toEqual([]);
    expect(new Set(rows.map(({ verdict }: { verdict: string }) => verdict))).toEqual(new Set(['ok']));
    const before = statSync(join(out, 'tuning.json')).mtimeMs;
    expect(day(...args).stderr).not.toContain('at most');
    expect(statSync(join(out, 'tuning.json')).mtimeMs).toBe(before);
    const text = execFileSync(process.execPath, [collapse, 'bench', '--from', `${out}/`], { encoding: 'utf8' });
    for (const part of ['Stages', 'Fastest row of the tuning table', 'gram 16', 'Goals']) expect(text).toContain(part);
  });

  it('goes on with a stage that was cut', () => {
    const file = join(out, 'tuning.json');
    const bench = (...args: readonly string[]) =>
      execFileSync(
        process.execPath,
        [collapse, 'bench', '--only', 'tuning', '--quick', '--resume', '--out', file, ...args],
        { stdio: 'ignore' },
      );
    bench('--minutes', '0.00001');
    const cut = read('tuning.json');
    expect(cut.rows).toEqual([]);
    expect(cut.unfinished).toContain('tuning gram 16');
    // As if it had been cut in the middle of the second block.
    bench();
    const whole = read('tuning.json');
    const names = [...new Set(whole.rows.map(({ block }: { block: string }) => block))];
    writeFileSync(file, JSON.stringify({ ...whole, unfinished: names.slice(1) }));
    bench();
    const again = read('tuning.json');
    const first = (record: typeof whole) => record.rows.filter(({ block }: { block: string }) => block === names[0]);
    expect(first(again)).toEqual(first(whole));
    expect(again.unfinished).toEqual([]);
    expect(again.rows).toHaveLength(whole.rows.length);
    expect(again.roofline.flops.before).toBe(whole.roofline.flops.before);
  });

  it('runs the tests without Vitest', () => {
    const bundling = `(await import('./bench/day/bundle-tests.mjs')).bundleTests(${JSON.stringify(root)})`;
    execFileSync(process.execPath, ['--input-type=module', '-e', `await ${bundling}`], { cwd: root, stdio: 'ignore' });
    const bundle = join(root, 'dist/tests');
    const imported = readdirSync(bundle).flatMap((file) =>
      [...readFileSync(join(bundle, file), 'utf8').matchAll(/^import\b[^'"]*['"]([^.'"][^'"]*)['"]/gm)].map(
        ([, name]) => name!,
      ),
    );
    // A pack has these and no others.
    const { peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const packed = (name: string) =>
      isBuiltin(name) || Object.keys(peerDependencies).some((one) => `${name}/`.startsWith(`${one}/`));
    expect(imported).toContain('node:fs');
    expect(imported.filter((name) => !packed(name))).toEqual([]);
    expect(day('--out', out, '--quick', '--minutes', '2', '--only', 'tests').status).toBe(0);
    expect(read('day.json').stages[0]).toMatchObject({ name: 'tests', state: 'done' });
    const files = Object.entries(read('tests.json')) as [string, { passed: number; failed: unknown[] }][];
    expect(files).toHaveLength(2);
    for (const [, { passed, failed }] of files) {
      expect(passed).toBeGreaterThan(1);
      expect(failed).toEqual([]);
    }
  });

  it.each([[['--minutes', '5']], [['--out', 'x', '--minutes', '-1']], [['--out', 'x', '--only', 'nothing']]])(
    'refuses %j',
    (args) => {
      const { status, stderr } = day(...args);
      expect(status).toBe(2);
      expect(stderr).toContain('doctor, tests, tuning');
    },
  );
});
