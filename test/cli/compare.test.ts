import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { compareCommand } from '../../src/cli/compare.ts';
import { JournalFile } from '../../src/cli/journal-file.ts';
import { runCommand } from '../../src/cli/run.ts';
import type { Results } from '../../src/experiment/results.ts';

/*
 * Plan: runs on the f64 reference, compared as a user does.
 * - the same seed and another noise: paired, and difference and error are those of the trials in the journals, worked out here; they are smaller
 *   than those of independent runs; what differs is named, and the exit is 1
 * - fewer trials in one: those that both have are paired
 * - another seed: Welch, by the means and errors of both results; exit 0
 * - a run with itself is equal; without journals it is compared as independent, and that is said
 * - terms are paired too: bias and error are not moved by the noise of labels alike
 * - cells of one run alone are listed; the formats; wrong input is exit 2
 */

vi.mock('../../src/cli/package.ts', async (original) => ({
  ...(await original<typeof import('../../src/cli/package.ts')>()),
  packageVersion: '0.0.0',
  packageCommit: null,
}));

const SMALL = {
  name: 'small',
  regime: 'replace',
  dimension: 6,
  generator: { samples: 14, noise: 0.2 },
  downstream: { samples: 16, noise: 0.1, ridge: [0.1, 1] },
  generations: [0, 2],
  trials: 60,
};

const home = mkdtempSync(join(tmpdir(), 'collapse-compare-'));
let stdout = '';
const at = (out: string) => join(home, out);

async function run(out: string, changes: object = {}): Promise<void> {
  const file = join(home, 'file.json5');
  writeFileSync(file, JSON.stringify({ ...SMALL, ...changes }));
  await runCommand(file, { out: at(out), backend: 'reference', quiet: true });
}

const NOISIER = { downstream: { ...SMALL.downstream, noise: 0.3 } };

function muted(): void {
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += text;
    return true;
  });
}

beforeAll(async () => {
  muted();
  await run('base');
  await run('noisier', NOISIER);
  await run('few', { ...NOISIER, trials: 25 });
  await run('seed', { seed: 9 });
});
beforeEach(() => {
  stdout = '';
  muted();
});
afterAll(() => {
  vi.restoreAllMocks();
  rmSync(home, { recursive: true });
});

/** The errors of each cell by trial, from a journal of one batch after another. */
function trialsIn(out: string): readonly (readonly number[])[] {
  const cells: number[][] = [[], [], [], []];
  for (const { batch } of new JournalFile(at(out), { resume: true, experiment: '' }).past)
    for (const [i, errors] of cells.entries())
      for (let t = 0; t < batch.count; t++) errors[batch.first + t] = batch.errors[i * batch.count + t]!;
  return cells;
}

/** Mean and standard error, from their definitions. */
function meanOf(values: readonly number[]): { readonly mean: number; readonly sem: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sem: Math.sqrt(squares / (values.length - 1) / values.length) };
}

const resultsIn = (out: string): Results => JSON.parse(readFileSync(join(at(out), 'results.json'), 'utf8'));

async function compared(a: string, b: string) {
  stdout = '';
  const exit = await compareCommand(at(a), at(b), { format: 'json' });
  return { exit, ...JSON.parse(stdout) };
}

it.each([
  ['noisier', 60],
  ['few', 25],
])('pairs the trials of %s', async (other, count) => {
  const { exit, cells, settings, ok } = await compared('base', other);
  const [ours, theirs] = [trialsIn('base'), trialsIn(other)];
  for (const [i, cell] of cells.entries()) {
    const differences = Array.from({ length: count }, (_, t) => ours[i]![t]! - theirs[i]![t]!);
    const { mean, sem } = meanOf(differences);
    expect(cell).toMatchObject({ by: 'paired', pairs: count, freedom: count - 1 });
    expect(cell.difference).toBeCloseTo(mean, 13);
    expect(cell.sem).toBeCloseTo(sem, 13);
    expect(cell.z).toBeCloseTo(mean / sem, 8);
    expect(cell.sem).toBeLessThan(Math.hypot(cell.a.sem, cell.b.sem));
  }
  expect(settings).toEqual([{ path: 'downstream.noise', a: '0.1', b: '0.3' }]);
  expect([exit, ok]).toEqual([1, false]);
});

it('takes runs of two seeds for independent', async () => {
  const { exit, cells } = await compared('base', 'seed');
  const [a, b] = [resultsIn('base'), resultsIn('seed')].map(({ panels }) => panels[0]!.cells);
  for (const [i, cell] of cells.entries()) {
    expect(cell).toMatchObject({ by: 'Welch', pairs: null, verdict: 'agree' });
    expect(cell.difference).toBeCloseTo(a![i]!.mean - b![i]!.mean, 14);
    expect(cell.sem).toBeCloseTo(Math.hypot(a![i]!.sem, b![i]!.sem), 14);
  }
  expect(exit).toBe(0);
});

it('says what it goes by', async () => {
  await run('copy');
  expect((await compared('base', 'copy')).cells.map(({ verdict }: { verdict: string }) => verdict)).toEqual(
    Array(4).fill('equal'),
  );
  rmSync(join(at('copy'), 'journal.trials'));
  stdout = '';
  expect(await compareCommand(at('base'), at('copy'), {})).toBe(0);
  expect(stdout).toContain('The settings are the same.');
  expect(stdout).toContain('Welch, 4 cells: single trials are not in the journals of both. The seed is the same');
  expect(stdout).toMatch(/AGREE: 4 agree of 4 means; a cell differs where chance alone does that once in 400\.\n$/);
});

it('pairs terms', async () => {
  const figure = { x: 'downstream.ridge', y: 'variance' };
  await run('terms', { figure });
  await run('terms-noisier', { ...NOISIER, figure });
  const { cells } = await compared('terms', 'terms-noisier');
  expect(cells).toHaveLength(16);
  const parts = ['bias', 'variance', 'collapse'];
  for (const [i, { term, by, a, b, difference, verdict }] of cells.entries()) {
    expect(by).toBe('paired');
    expect(difference).toBeCloseTo(a.mean - b.mean, 12);
    expect(term).toBe(i % 4 === 0 ? null : parts[(i % 4) - 1]);
    if (term === 'bias') expect(verdict).toBe('equal');
    if (term === 'variance') expect(verdict).toBe('differ');
  }
});

it('lists what one run alone has', async () => {
  await run('more', { downstream: { ...SMALL.downstream, ridge: [0.1, 1, 10] } });
  const { cells, onlyInA, onlyInB } = await compared('base', 'more');
  expect([cells.length, onlyInA.length]).toEqual([4, 0]);
  expect(onlyInB).toEqual([0, 2].map((n) => ({ panel: 'main', at: { 'downstream.ridge': 10, generations: n } })));
  stdout = '';
  await compareCommand(at('base'), at('more'), {});
  expect(stdout).toContain('Only in B, 2 cells: main at λ = 10, n = 0; main at λ = 10, n = 2.');
});

it('writes what other programs read', async () => {
  const inFormat = async (format: string) => {
    stdout = '';
    await compareCommand(at('base'), at('noisier'), { format });
    return stdout.trim().split('\n');
  };
  expect((await inFormat('csv'))[0]).toMatch(/^panel,part,downstream\.ridge,generations,mean_a,.*,verdict$/);
  expect((await inFormat('markdown'))[0]).toContain('| A (SE) | B (SE) | A − B (SE) | 95 % | z | by | verdict |');
  expect((await inFormat('latex')).filter((line) => line.endsWith('\\\\'))).toHaveLength(5);
  expect((await inFormat('text'))[0]).toMatch(/^panel +λ +n +A \(SE\)/);
});

it('refuses what it cannot compare', async () => {
  // Where nobody has results of a shipped experiment.
  const checkout = process.cwd();
  process.chdir(home);
  onTestFinished(() => process.chdir(checkout));
  const refusal = (a: string, b: string, flags = {}) => expect(compareCommand(a, b, flags)).rejects;
  await refusal(at('base'), at('nowhere')).toMatchObject({ exit: 2, message: expect.stringContaining('results.json') });
  await refusal(at('base'), 'demystified-fig1').toMatchObject({
    exit: 2,
    message: expect.stringContaining('collapse run'),
  });
  await refusal(at('base'), at('seed'), { format: 'xml' }).toMatchObject({ exit: 2 });
  await refusal(at('base'), at('seed'), { panel: 'other' }).toMatchObject({ exit: 2 });
  await run('elsewhere', { downstream: { ...SMALL.downstream, ridge: [3, 5] } });
  await refusal(at('base'), at('elsewhere')).toMatchObject({
    exit: 2,
    message: expect.stringContaining('no cell in common'),
  });
});
