import type { FitResult, Resampled } from '../experiment/results.ts';
import type { FitCheck, FitVerdict } from './fit-check.ts';
import { labelOf, shortNumber } from './labels.ts';
import { aligned, plainPower } from './table.ts';

const MARKS: Readonly<Record<FitVerdict, string>> = {
  agrees: '✓',
  outside: 'outside 95 %',
  disagrees: '✗ disagrees',
  refused: 'refused',
  'not simulated': '–',
  'contradicts itself': '✗ contradicts itself',
};

/** The fits as aligned text: slope with its 95 % interval, the theory at this dimension, the theorem. */
export function fitTable(checks: readonly FitCheck[]): string {
  const header = ['exponents of', 'T from', 'to', 'points', 'trials', 'slope', '95 %', 'theory', 'theorem', 'verdict'];
  const rows = checks.map(({ panel, fit, slope }) => [
    `${panel} ${curveName(fit)}`,
    ...(fit.window ?? [null, null]).map((x) => (x === null ? '' : plainPower(x))),
    String(fit.points),
    String(fit.trials),
    fit.slope ? decimals(fit.slope.value) : '–',
    fit.slope ? interval(fit.slope, decimals) : '–',
    fit.theory ? decimals(fit.theory.slope) : '–',
    fit.theorem ? `${decimals(fit.theorem.exponent)} ${fit.theorem.term}` : '–',
    fit.refused === null ? MARKS[slope] : `refused: ${fit.refused}`,
  ]);
  return aligned([header, ...rows]);
}

/** `Crossover …`, a line for each that theory has. */
export function crossoverLines(checks: readonly FitCheck[]): readonly string[] {
  const lines = checks.flatMap(({ panel, fit, crossover }) => {
    if (fit.crossover === null) return [];
    const { theory, simulated } = fit.crossover;
    const found = simulated
      ? `${counted(simulated.value)} ${interval(simulated, counted)} simulated, ${MARKS[crossover ?? 'refused']}`
      : 'not simulated';
    return [`${panel} ${curveName(fit)}: crossover at T = ${counted(theory)} in theory, ${found}`];
  });
  return [...new Set(lines)];
}

/** `n = 5`, or `n = 5 over n = 0` where the fit is of what the curve adds. */
export function curveName({ at, over }: Pick<FitResult, 'at' | 'over'>): string {
  const name = (where: FitResult['at']) =>
    Object.entries(where)
      .map(([path, value]) => `${labelOf(path).symbol} = ${plainPower(value)}`)
      .join(', ');
  return over === null ? name(at) : `${name(at)} over ${name(over)}`;
}

/** The sentences of a caption; null without fits. */
export function fitCaption(fits: readonly FitResult[]): string | null {
  const fitted = fits.filter(({ slope }) => slope !== null);
  if (fitted.length === 0) return null;
  const sources = [...new Set(fitted.flatMap(({ theorem }) => (theorem ? [theorem.source] : [])))];
  const parts = fitted.map((fit) => {
    const { slope, theory, theorem, window } = fit;
    const beside = `theory ${minus(theory!.slope)}, theorem ${minus(theorem!.exponent)}`;
    const [low, high] = window!.map(shortNumber);
    return `${curveName(fit)}, T from ${low} to ${high}: ${minus(slope!.value)} ${interval(slope!, minus)} (${beside})`;
  });
  return `Exponents with 95 % intervals: ${parts.join('; ')}. Thin lines: the theorem's (${sources.join('; ')}).`;
}

/** Without the sign of a zero. */
const decimals = (x: number) => x.toFixed(3).replace(/^-(0\.0+)$/, '$1');
const minus = (x: number) => decimals(x).replace('-', '−');
const counted = (x: number) => String(Number(x.toPrecision(4)));

function interval({ low, high }: Resampled, write: (x: number) => string): string {
  return `[${write(low)}, ${write(high)}]`;
}
