import type { Panel } from '../experiment/experiment.ts';
import type { FitResult, PanelResult, Resampled } from '../experiment/results.ts';
import { type ScalingAt, theoryFits } from '../scaling/theory-fits.ts';

/** `outside`: beyond the 95 % interval, as one in twenty is by chance, but within four standard errors. */
export type FitVerdict = 'agrees' | 'outside' | 'disagrees' | 'refused' | 'not simulated' | 'contradicts itself';

/** One fit held against theory worked out afresh. */
export interface FitCheck {
  readonly panel: string;
  readonly fit: FitResult;
  readonly slope: FitVerdict;
  /** null where no crossover was simulated. */
  readonly crossover: FitVerdict | null;
}

/** Beyond this a simulated exponent and its theory disagree, whatever chance may do. */
const STANDARD_ERRORS = 4;

/** Numbers written in full and read back differ only by the last digits of f64 arithmetic. */
const CLOSE = 1e-9;

/** Results of runs that ended before their fits have none to check. */
export function checkFits(
  panels: readonly Panel[],
  results: readonly PanelResult[],
  scalingOf: (panel: Panel) => ScalingAt,
): readonly FitCheck[] {
  return panels.flatMap((panel) => {
    const fits = results.find(({ name }) => name === panel.name)?.fits ?? [];
    if (fits.length === 0) return [];
    const fresh = theoryFits(panel, scalingOf(panel)).map((one) => ('result' in one ? one.result : one));
    return fits.map((fit, i) => checkFit(panel.name, fit, fresh[i]));
  });
}

/** What theory alone says of the fits: slopes at this dimension, theorems, crossovers and refusals. */
export function predictedFits(panels: readonly Panel[], scalingOf: (panel: Panel) => ScalingAt): readonly FitCheck[] {
  return panels.flatMap((panel) =>
    theoryFits(panel, scalingOf(panel)).map((one) => {
      const fit = 'result' in one ? one.result : one;
      return { panel: panel.name, fit, slope: fit.refused === null ? 'not simulated' : 'refused', crossover: null };
    }),
  );
}

function checkFit(panel: string, fit: FitResult, fresh: FitResult | undefined): FitCheck {
  const same =
    fresh !== undefined &&
    JSON.stringify([fresh.at, fresh.over, fresh.window, fresh.points]) ===
      JSON.stringify([fit.at, fit.over, fit.window, fit.points]) &&
    close(fresh.theory?.slope, fit.theory?.slope) &&
    close(fresh.theorem?.exponent, fit.theorem?.exponent) &&
    close(fresh.crossover?.interpolated, fit.crossover?.interpolated);
  if (!same) return { panel, fit, slope: 'contradicts itself', crossover: null };
  const { theory, slope, crossover } = fit;
  const crossed = crossover?.simulated ?? null;
  return {
    panel,
    fit,
    slope: slope === null || theory === null ? 'refused' : verdictOf(slope, theory.slope, theory.allowance),
    crossover: crossed === null ? null : verdictOf(crossed, crossover?.interpolated ?? Number.NaN, 0),
  };
}

function verdictOf({ value, low, high, error }: Resampled, theory: number, allowance: number): FitVerdict {
  if (theory >= low - allowance && theory <= high + allowance) return 'agrees';
  return Math.abs(value - theory) <= STANDARD_ERRORS * error + allowance ? 'outside' : 'disagrees';
}

function close(a: number | null | undefined, b: number | null | undefined): boolean {
  if (a === null || a === undefined || b === null || b === undefined) return (a ?? null) === (b ?? null);
  return Math.abs(a - b) <= CLOSE * Math.max(1, Math.abs(a));
}

/** Whether a verdict is one that a check fails over. */
export function isBad(verdict: FitVerdict | null): boolean {
  return verdict === 'disagrees' || verdict === 'contradicts itself';
}
