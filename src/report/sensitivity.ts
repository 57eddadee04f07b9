import { quantileOfSorted } from '../statistics/quantiles.ts';
import type { CellCheck } from './check.ts';

/** By how much, relative to them, the predictions of a panel could be wrong and still agree with what was simulated. */
export interface Sensitivity {
  readonly panel: string;
  /** Cells, and terms of cells, that are judged. */
  readonly judged: number;
  readonly median: number;
  readonly worst: number;
  /** How many of them would not notice a theory that is off by `NOTICED`. */
  readonly blind: number;
}

/** An error of a formula that a check should notice. */
export const NOTICED = 0.05;

/** Relative error of the prediction below which a cell agrees, whichever way it goes; null where it is not judged. */
export function unnoticed({ verdict, prediction, tolerance }: CellCheck): number | null {
  const judged = verdict === 'agrees' || verdict === 'disagrees';
  if (!judged || prediction?.kind !== 'value' || tolerance === null || prediction.value === 0) return null;
  return tolerance / Math.abs(prediction.value);
}

/** Panel by panel, in the order of the cells; panels of which nothing is judged are left out. */
export function sensitivities(cells: readonly CellCheck[]): readonly Sensitivity[] {
  const panels = [...new Set(cells.map(({ panel }) => panel))];
  return panels.flatMap((panel) => {
    const own = cells.filter((cell) => cell.panel === panel).map(unnoticed);
    const sorted = own.filter((one) => one !== null).sort((a, b) => a - b);
    if (sorted.length === 0) return [];
    const blind = sorted.filter((one) => one >= NOTICED).length;
    const median = quantileOfSorted(sorted, 0.5);
    return [{ panel, judged: sorted.length, median, worst: sorted.at(-1)!, blind }];
  });
}

/** What a check would notice, in a sentence for each panel. */
export function sensitivityLines(panels: readonly Sensitivity[]): readonly string[] {
  return panels.map(({ panel, judged, median, worst, blind }) => {
    const size = `a theory off by less than ${percent(median)} (median of ${judged}) would agree, by ${percent(worst)} at worst`;
    return `${panel}: ${size}${blind === 0 ? '' : `; ${blind} of ${judged} would not notice ${percent(NOTICED)}`}`;
  });
}

const percent = (share: number) => `${Number((100 * share).toPrecision(2))} %`;
