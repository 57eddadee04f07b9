/**
 * Plan. What a check would notice.
 * - A prediction that is wrong by a little less than the sensitivity of its cell agrees, by a little more disagrees, whichever way.
 * - Cells that are not judged have none. Median, worst and how many are blind to 5 %, panel by panel; in words.
 */
import { describe, expect, it } from 'vitest';
import { checkResults } from '../../src/report/check.ts';
import { sensitivities, sensitivityLines, unnoticed } from '../../src/report/sensitivity.ts';
import { predict, RIDGE_PANEL, SAMPLES_PANEL, simulate } from './synthetic.ts';

const panels = [simulate(RIDGE_PANEL), simulate(SAMPLES_PANEL)];
const { cells } = checkResults({ panels }, predict);

describe('a cell', () => {
  it('agrees with a theory that is off by less, and with none that is off by more', () => {
    const [first] = panels;
    for (const [i, cell] of first!.cells.slice(0, 4).entries()) {
      const known = predict(first!.name, cell.at);
      if (known?.kind !== 'value') throw new Error('no value');
      // As if the simulation had hit the theory.
      const hit = { ...cell, mean: known.value };
      const verdictAt = (factor: number) =>
        checkResults({ panels: [{ ...first!, cells: [hit] }] }, () => ({ ...known, value: factor * known.value }))
          .cells[0]!.verdict;
      const size = unnoticed(cells[i]!)!;
      for (const sign of [-1, 1]) {
        expect(verdictAt(1 + 0.999 * sign * size)).toBe('agrees');
        expect(verdictAt(1 + 1.001 * sign * size)).toBe('disagrees');
      }
    }
  });

  it('that is not judged has none', () => {
    const few = { ...panels[0]!, cells: panels[0]!.cells.map((cell) => ({ ...cell, trials: 3 })) };
    expect(sensitivities(checkResults({ panels: [few] }, predict).cells)).toEqual([]);
    expect(sensitivities(checkResults({ panels }, () => null).cells)).toEqual([]);
  });
});

describe('a panel', () => {
  const [cell] = cells;
  const value = cell!.prediction?.kind === 'value' ? cell!.prediction.value : Number.NaN;
  const off = (...shares: number[]) => shares.map((share) => ({ ...cell!, panel: 'one', tolerance: share * value }));

  it('has a median, a worst cell, and cells that are blind to 5 %', () => {
    const [found] = sensitivities(off(0.01, 0.04, 0.05, 0.2));
    expect(found).toMatchObject({ panel: 'one', judged: 4, blind: 2 });
    expect(found!.median).toBeCloseTo(0.045, 12);
    expect(found!.worst).toBeCloseTo(0.2, 12);
    expect(sensitivityLines([found!, ...sensitivities(off(0.01))])).toEqual([
      'one: a theory off by less than 4.5 % (median of 4) would agree, by 20 % at worst; 2 of 4 would not notice 5 %',
      'one: a theory off by less than 1 % (median of 1) would agree, by 1 % at worst',
    ]);
  });

  it('is one of each name', () => {
    expect(sensitivities(cells).map(({ panel, judged }) => [panel, judged])).toEqual(
      panels.map((panel) => [panel.name, panel.cells.length]),
    );
  });
});
