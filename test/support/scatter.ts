import { type Panel, TERMS } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import type { BesideTheory, CellResult } from '../../src/experiment/results.ts';
import { regimes } from '../../src/regimes/index.ts';
import { outlooks } from '../../src/regimes/predict.ts';
import { checkResults } from '../../src/report/check.ts';
import { unnoticed } from '../../src/report/sensitivity.ts';
import { STANDARD_ERRORS } from '../../src/report/verdict.ts';
import { predictedTerm } from '../../src/theory/prediction.ts';
import { summaryOf } from './summaries.ts';

/** By how much the theory of a cell could be wrong and agree, relative to it, and how much of that is chance. */
interface Tolerated {
  readonly size: number;
  readonly chance: number;
  /** Trials that the file asks for. */
  readonly trials: number;
}

/** By panel: standard deviations of a trial relative to the theory, cell by cell, each followed by its terms; null where not known. */
type Scatter = Readonly<Record<string, readonly (number | null)[]>>;

/**
 * What the check of an experiment file would not notice at the trials that it asks for: cells, and terms of cells, that are judged by
 * their mean, as if the simulation had hit the theory.
 */
export function toleratedIn(file: string, scatter: Scatter): readonly Tolerated[] {
  return parseExperiment(file, regimes).panels.flatMap((panel) => tolerated(panel, scatter[panel.name]!));
}

function tolerated(panel: Panel, spread: readonly (number | null)[]): readonly Tolerated[] {
  const predictions = panel.cells.map((cell) => regimes.get(panel.regime)!.theory(cell.parameters));
  const cells: CellResult[] = [];
  let place = 0;
  panel.cells.forEach(({ at }, i) => {
    const hit = (part: Parameters<typeof predictedTerm>[1]): BesideTheory => {
      const prediction = predictedTerm(predictions[i] ?? null, part);
      const mean = prediction?.kind === 'value' ? prediction.value : 0;
      const sd = (spread[place++] ?? Number.NaN) * Math.abs(mean);
      const sem = sd / Math.sqrt(panel.trials);
      const summary = summaryOf({ trials: panel.trials, mean, sd, sem, median: mean, q05: mean, q95: mean });
      return { ...summary, theory: null, z: null };
    };
    const whole = hit(undefined);
    const terms = panel.y && (Object.fromEntries(TERMS.map((term) => [term, hit(term)])) as CellResult['terms']);
    cells.push({ at, sampler: 'none', ...whole, ...(terms ? { terms } : {}) });
  });
  if (place !== spread.length) throw new Error(`${panel.name}: ${spread.length} spreads for ${place} cells and terms`);
  const known = outlooks(panel, regimes);
  const index = new Map(panel.cells.map(({ at }, i) => [at, i]));
  const { cells: checks } = checkResults(
    { panels: [{ name: panel.name, cells }] },
    (_, at) => predictions[index.get(at)!]!,
    (_, at) => known(at),
  );
  return checks.flatMap((check, i): Tolerated[] => {
    const size = unnoticed(check);
    if (size === null || !Number.isFinite(size) || check.prediction?.kind !== 'value') return [];
    const { value, deviation = 0 } = check.prediction;
    const sd = Math.max(spread[i]!, deviation / Math.abs(value));
    return [{ size, chance: (STANDARD_ERRORS * sd) / Math.sqrt(panel.trials), trials: panel.trials }];
  });
}
