/**
 * Plan: verdicts on cells that are made up.
 * - of 100 cells that do not differ and one that does by 5 standard errors, the one is found; one of 3.5 standard errors among them is not, alone
 *   it is
 * - the same trials are equal; what only rounding moves is said to be so, on a device; too few, none, lost trials and heavy tails are not judged
 * - seeds that differ are never paired, also where trials are at hand
 * - cells are matched by value where one run sweeps what the other fixes, panels by name or as the only ones; the others are listed
 */
import { expect, it } from 'vitest';
import type { Experiment, Panel } from '../../src/experiment/experiment.ts';
import type { CellResult } from '../../src/experiment/results.ts';
import { type ComparedRun, compareRuns } from '../../src/report/comparison.ts';
import { type Outlook, PLAIN } from '../../src/theory/outlook.ts';
import { cellOf } from '../support/summaries.ts';
import { MANIFEST } from './synthetic.ts';

const REFERENCE = { ...MANIFEST, adapter: null, backend: 'reference' } as const;
const HEAVY: Outlook = { ...PLAIN, tail: { reason: 'why', law: null } };

interface Making {
  readonly name?: string;
  readonly seed?: number;
  readonly device?: boolean;
  readonly outlook?: Outlook;
  readonly trials?: (cell: number) => Float64Array | null;
  readonly parameters?: object;
}

function runOf(cells: readonly Partial<CellResult>[], making: Making = {}): ComparedRun {
  const { name = 'main', seed = 1, device = false, outlook = PLAIN, trials = () => null, parameters = {} } = making;
  const whole = cells.map((cell, i) => cellOf({ at: { x: i }, sem: 1, trials: 1000, mean: 10, ...cell }));
  const panel: Panel = {
    name,
    regime: 'replace',
    axes: [],
    cells: whole.map(({ at }) => ({ at, parameters })),
    figure: null,
    trials: 1000,
    seed,
    sampler: 'auto',
  };
  const experiment: Experiment = { name, title: name, source: null, panels: [panel], file: {} };
  const manifest = { ...(device ? MANIFEST : REFERENCE), seed };
  const results = { experiment: {}, manifest, panels: [{ name, cells: whole }] };
  return { experiment, results, outlook: () => outlook, trials: (_, cell) => trials(cell) };
}

const verdicts = (a: ComparedRun, b: ComparedRun) => compareRuns(a, b).cells.map(({ verdict }) => verdict);
/** Both have standard error 1, so the difference has sqrt 2. */
const apart = (errors: number) => ({ mean: 10 + errors * Math.SQRT2 });

it('counts all cells together', () => {
  const many = Array.from({ length: 100 }, () => ({}));
  const other = { seed: 2 };
  expect(verdicts(runOf([...many, apart(5)]), runOf([...many, {}], other))).toEqual([
    ...many.map(() => 'agree'),
    'differ',
  ]);
  expect(verdicts(runOf([...many, apart(3.5)]), runOf([...many, {}], other))).not.toContain('differ');
  expect(verdicts(runOf([apart(3.5)]), runOf([{}], other))).toEqual(['differ']);
});

it('says what it cannot judge', () => {
  const same = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, Number.NaN);
  const moved = same.map((x) => x * (1 + 1e-7));
  const trials = (errors: Float64Array) => ({ trials: () => errors });
  expect(verdicts(runOf([{}], trials(same)), runOf([{}], trials(same)))).toEqual(['equal']);
  expect(verdicts(runOf([{}], { ...trials(same), device: true }), runOf([{}], trials(moved)))).toEqual([
    'below rounding',
  ]);
  expect(verdicts(runOf([{}], trials(same)), runOf([{}], trials(moved)))).toEqual(['differ']);
  expect(verdicts(runOf([{}], trials(same.subarray(3))), runOf([{}], trials(moved)))).toEqual(['too few trials']);
  expect(verdicts(runOf([{ mean: Number.NaN }]), runOf([{}]))).toEqual(['no mean']);
  expect(verdicts(runOf([{ failed: 900 }]), runOf([{}]))).toEqual(['trials missing']);
  expect(verdicts(runOf([apart(9)], { outlook: HEAVY }), runOf([{}]))).toEqual(['heavy tail']);
});

it('pairs trials of one seed alone', () => {
  const trials = () => Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const [one] = compareRuns(runOf([{}], { trials }), runOf([{}], { trials, seed: 2 })).cells;
  expect(one).toMatchObject({ by: 'Welch', pairs: null });
});

it('matches cells by value', () => {
  const swept = runOf([{ at: { 'generator.noise': 0.1 } }, { at: { 'generator.noise': 0.1 + 0.2 } }], { name: 'a' });
  const fixed = runOf([{ at: {} }], { name: 'b', parameters: { generator: { noise: 0.3 } } });
  const { cells, onlyInA, onlyInB } = compareRuns(swept, fixed);
  expect(cells.map(({ panel, at }) => [panel, at])).toEqual([['a', { 'generator.noise': 0.1 + 0.2 }]]);
  expect([onlyInA, onlyInB]).toEqual([[{ panel: 'a', at: { 'generator.noise': 0.1 } }], []]);
  const both = (first: ComparedRun, second: ComparedRun): ComparedRun => ({
    ...first,
    experiment: { ...first.experiment, panels: [...first.experiment.panels, ...second.experiment.panels] },
    results: { ...first.results, panels: [...first.results.panels, ...second.results.panels] },
  });
  const found = compareRuns(
    both(runOf([{}], { name: 'one' }), runOf([{}], { name: 'two' })),
    both(runOf([{}], { name: 'two' }), runOf([{}], { name: 'three' })),
  );
  expect(found.cells.map(({ panel }) => panel)).toEqual(['two']);
  expect([found.onlyInA[0]!.panel, found.onlyInB[0]!.panel]).toEqual(['one', 'three']);
});
