/**
 * Plan
 * - Header and first line, word for word; panels with different axes share the columns and leave fields empty.
 * - Numbers keep all their digits; no number is an empty field; quotes, commas and line breaks are quoted (RFC 4180).
 */
import { expect, test } from 'vitest';
import { csvOf } from '../../src/report/csv.ts';
import { STATISTIC_KEYS } from '../../src/statistics/summary.ts';
import { cellOf } from '../support/summaries.ts';
import { results } from './synthetic.ts';

const CELL = cellOf({
  at: { generations: 3 },
  trials: 2,
  failed: 1,
  mean: 0.1 + 0.2,
  sem: 1e-300,
  sd: 2,
  median: 5e-324,
  q05: -1,
  q95: Number.POSITIVE_INFINITY,
  theory: { value: 1 / 3, source: 'Thm 4.1, "exact",\neq. (7)' },
});

test('every column in full', () => {
  const csv = csvOf([{ name: 'a', cells: [CELL] }]);
  const later = STATISTIC_KEYS.slice(6);
  const head = [
    'panel,generations,trials,failed,sampler,mean,sem,sd,median,q05,q95',
    ...later,
    'theory,theory_source,z',
  ];
  const known = 'a,3,2,1,direct,0.30000000000000004,1e-300,2,5e-324,-1,';
  const line = [known, ...later.map(() => ''), '0.3333333333333333,"Thm 4.1, ""exact"",\neq. (7)",'];
  expect(csv).toBe(`${head.join(',')}\r\n${line.join(',')}\r\n`);
});

test('the union of the axes of all panels', () => {
  const lines = csvOf(results().panels).trimEnd().split('\r\n');
  expect(lines[0]).toMatch(/^panel,downstream\.ridge,generations,downstream\.samples,trials,/);
  expect(lines).toHaveLength(1 + 40 + 48);
  expect(lines[1]).toMatch(/^ridge,0\.001,0,,1000,0,wishart,/);
  expect(lines[41]).toMatch(/^samples,,0,251,1000,0,wishart,/);
});
