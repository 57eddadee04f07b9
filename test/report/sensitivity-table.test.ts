/**
 * Plan. The table of docs/papers.md that says by how much theory could be wrong and pass is that of the checker and the theory of today: at
 * the scatter of single trials in docs/sensitivity.json and the trials of the files, every cell is checked as if the simulation had hit
 * its theory. A larger allowance, a wider tolerance or fewer trials than the table was made for fail here; so do medians beyond 5 %.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NOTICED } from '../../src/report/sensitivity.ts';
import { quantile } from '../../src/statistics/quantiles.ts';
import { toleratedIn } from '../support/scatter.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const spreads = JSON.parse(read('docs/sensitivity.json')) as Record<string, Record<string, (number | null)[]>>;
const [, rest = ''] = read('docs/papers.md').split('<!-- begin sensitivity -->');
const [table = ''] = rest.split('<!-- end sensitivity -->');
const rows = table
  .trim()
  .split('\n')
  .slice(2)
  .map((line) => line.split('|').map((text) => text.trim()));

describe('the table', () => {
  it('has a line for every file whose scatter is known', () => {
    expect(rows.map(([, name]) => name)).toEqual(Object.keys(spreads).map((name) => `\`${name}\``));
  });

  it.each(Object.keys(spreads))('%s', (name) => {
    const sizes = toleratedIn(read(`experiments/${name}.json5`), spreads[name]!).map(({ size }) => size);
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
