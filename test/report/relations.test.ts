/**
 * Plan. A relation between cells of a run:
 * - agrees at just under its share of the sum and four standard errors of mean and sum together, and disagrees at just over, above and below
 * - of cells without a mean, or with few trials on either side, it is not judged; one that disagrees fails the report
 * - the table says what the sum is, with its own standard error
 */
import { expect, it } from 'vitest';
import type { Panel } from '../../src/experiment/experiment.ts';
import type { CellResult } from '../../src/experiment/results.ts';
import { checkResults } from '../../src/report/check.ts';
import { checkRelations } from '../../src/report/relations.ts';
import { relationTable } from '../../src/report/table.ts';
import { fullReport } from '../../src/report/verdicts.ts';
import { predict, RIDGE_PANEL, SAMPLES_PANEL, simulate } from './synthetic.ts';

const results = [simulate(RIDGE_PANEL), simulate(SAMPLES_PANEL)];
const [ridge, samples] = results as [(typeof results)[0], (typeof results)[0]];
const [first, second] = [ridge.cells[0]!, samples.cells[1]!];
const total = 2 * first.mean - 0.5 * second.mean;
const spread = Math.sqrt((2 * first.sem) ** 2 + (0.5 * second.sem) ** 2);

const panel: Panel = {
  ...RIDGE_PANEL,
  relations: [
    {
      ...{ cell: 3, says: 'twice less a half', within: 0.1 },
      sum: [
        { panel: RIDGE_PANEL.name, cell: 0, times: 2 },
        { panel: SAMPLES_PANEL.name, cell: 1, times: -0.5 },
      ],
    },
  ],
};
const panels = [panel, SAMPLES_PANEL];

const checkOf = (cell: Partial<CellResult>, other: Partial<CellResult> = {}) =>
  checkRelations(panels, [
    { ...ridge, cells: ridge.cells.with(3, { ...ridge.cells[3]!, ...cell }) },
    { ...samples, cells: samples.cells.with(1, { ...second, ...other }) },
  ])[0]!;

it('agrees within its share and four standard errors', () => {
  const sem = 0.3 * Math.abs(total);
  const reach = 0.1 * Math.abs(total) + 4 * Math.sqrt(sem ** 2 + spread ** 2);
  for (const sign of [-1, 1]) {
    expect(checkOf({ mean: total + 0.999 * sign * reach, sem }).verdict).toBe('agrees');
    expect(checkOf({ mean: total + 1.001 * sign * reach, sem }).verdict).toBe('disagrees');
  }
});

it('is not judged by few trials or without a mean', () => {
  expect(checkOf({ trials: 7 }).verdict).toBe('too few trials');
  expect(checkOf({}, { trials: 7 }).verdict).toBe('too few trials');
  expect(checkOf({}, { mean: Number.NaN }).verdict).toBe('no mean');
});

it('fails the report where it disagrees', () => {
  const theory = checkResults({ panels: results }, predict);
  const reportOf = (mean: number) => fullReport(theory, [], [], [checkOf({ mean, sem: 0 })]);
  expect(reportOf(total).ok).toBe(true);
  expect(reportOf(3 * total).ok).toBe(false);
});

it('is said in a table', () => {
  const table = relationTable([checkOf({ mean: total, sem: 0.01 * Math.abs(total) })]);
  expect(table).toContain('✓: twice less a half');
  expect(table).toContain('10 %');
  expect(table.split('\n')[0]).toMatch(/panel +λ +.*mean \(SE\) +sum \(SE\) +within +verdict/);
});
