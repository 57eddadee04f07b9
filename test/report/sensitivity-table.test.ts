/**
 * Plan. The table of docs/papers.md that says by how much theory could be wrong and pass is that of the checker and the theory of today: at
 * the scatter of single trials in docs/sensitivity.json and the trials of the files, every cell is checked as if the simulation had hit
 * its theory. A larger allowance, a wider tolerance or fewer trials than the table was made for fail here; so do medians beyond 5 %.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Panel, TERMS } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import type { BesideTheory, CellResult } from '../../src/experiment/results.ts';
import { regimes } from '../../src/regimes/index.ts';
import { checkResults } from '../../src/report/check.ts';
import { NOTICED, unnoticed } from '../../src/report/sensitivity.ts';
import { quantile } from '../../src/statistics/quantiles.ts';
import { predictedTerm } from '../../src/theory/prediction.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const spreads = JSON.parse(read('docs/sensitivity.json')) as Record<string, Record<string, (number | null)[]>>;
const [, rest = ''] = read('docs/papers.md').split('<!-- begin sensitivity -->');
const [table = ''] = rest.split('<!-- end sensitivity -->');
const rows = table
  .trim()
  .split('\n')
  .slice(2)
  .map((line) => line.split('|').map((text) => text.trim()));

/** Sensitivities of the cells of a panel and of their terms, where they are judged. */
function sizesOf(panel: Panel, spread: readonly (number | null)[]): number[] {
  const predictions = panel.cells.map((cell) => regimes.get(panel.regime)!.theory(cell.parameters));
  let place = 0;
  const hit = (part: Parameters<typeof predictedTerm>[1], cell: number): BesideTheory => {
    const prediction = predictedTerm(predictions[cell] ?? null, part);
    const mean = prediction?.kind === 'value' ? prediction.value : 0;
    const sd = spread[place++] ?? Number.NaN;
    const sem = (sd * Math.abs(mean)) / Math.sqrt(panel.trials);
    const rest = { trials: panel.trials, failed: 0, sd: sem * Math.sqrt(panel.trials), theory: null, z: null };
    return { ...rest, mean, sem, median: mean, q05: mean, q95: mean };
  };
  const cells = panel.cells.map(({ at }, i): CellResult => {
    const whole = hit(undefined, i);
    const parts = panel.y && Object.fromEntries(TERMS.map((term) => [term, hit(term, i)]));
    return { at, sampler: 'none', ...whole, ...(parts ? { terms: parts as CellResult['terms'] } : {}) };
  });
  expect(spread).toHaveLength(place);
  const index = new Map(panel.cells.map((cell, i) => [cell.at, i]));
  const { cells: checks } = checkResults(
    { panels: [{ name: panel.name, cells }] },
    (_, at) => predictions[index.get(at)!]!,
  );
  return checks.map(unnoticed).filter((size) => size !== null && Number.isFinite(size)) as number[];
}

describe('the table', () => {
  it('has a line for every file whose scatter is known', () => {
    expect(rows.map(([, name]) => name)).toEqual(Object.keys(spreads).map((name) => `\`${name}\``));
  });

  it.each(Object.keys(spreads))('%s', (name) => {
    const { panels } = parseExperiment(read(`experiments/${name}.json5`), regimes);
    const sizes = panels.flatMap((panel) => sizesOf(panel, spreads[name]![panel.name]!));
    const [, , , judged, median, worst, blind] = rows.find(([, file]) => file === `\`${name}\``)!;
    // Two digits stand there.
    const near = (size: number, text = '') => Math.abs((100 * size) / Number.parseFloat(text) - 1) < 0.07;
    expect(sizes).toHaveLength(Number(judged));
    expect({ median, near: near(quantile(sizes, 0.5), median) }).toEqual({ median, near: true });
    expect({ worst, near: near(Math.max(...sizes), worst) }).toEqual({ worst, near: true });
    expect(sizes.filter((size) => size >= NOTICED)).toHaveLength(Number(blind));
    expect(quantile(sizes, 0.5)).toBeLessThan(NOTICED);
  });
});
