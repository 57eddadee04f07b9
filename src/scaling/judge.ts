import type { TheoryAt } from './excess.ts';
import { leverages, localSlopes, slopeOf } from './slope.ts';

/** Fewer points show no curvature. */
const LEAST_POINTS = 4;

/** A slope over less than a decade says little about an exponent. */
const LEAST_DECADES = 1;

/** Exponents that differ by less are the same: the critical ridge gives bias and variance one exponent. */
const SAME = 1e-6;

/** What the theory says of a window, and why no exponent can be fitted there, if so. */
export interface Judgement {
  readonly theory: { readonly slope: number; readonly allowance: number } | null;
  readonly theorem: { readonly exponent: number; readonly term: string; readonly source: string } | null;
  readonly refused: string | null;
}

/** Windows are judged by theory alone, so that no result decides what is fitted. */
export function judge(points: readonly TheoryAt[], tolerance: number): Judgement {
  const short = tooShort(points.map(({ x }) => x));
  if (short !== null) return { theory: null, theorem: null, refused: short };
  if (points.some(({ value }) => !(value > 0)))
    return { theory: null, theorem: null, refused: 'the theory is not positive everywhere in the window' };
  const weights = leverages(points.map(({ x }) => x));
  const values = points.map(({ value }) => value);
  const shift = points.reduce((sum, { allowance, value }, i) => sum + Math.abs(weights[i]!) * (allowance / value), 0);
  const { leading, source } = points.at(-1)!;
  const refused = turning(points) ?? curved(points, tolerance);
  return {
    theory: { slope: slopeOf(weights, values), allowance: shift },
    theorem: { exponent: leading.exponent, term: leading.name, source },
    refused,
  };
}

export function tooShort(xs: readonly number[]): string | null {
  if (xs.length < LEAST_POINTS) return `the window holds ${xs.length} points, need ${LEAST_POINTS}`;
  const decades = Math.log10(xs.at(-1)! / xs[0]!);
  // Half a per cent for counts that were rounded.
  if (decades < LEAST_DECADES - 0.005) return `the window spans ${decades.toFixed(2)} decades, need ${LEAST_DECADES}`;
  return null;
}

/** Two terms of different exponents that lead at different ends: the slope is neither's. */
function turning(points: readonly TheoryAt[]): string | null {
  const at = points.findIndex(({ leading }, i) => {
    const before = points[i - 1]?.leading;
    return before !== undefined && Math.abs(before.exponent - leading.exponent) > SAME;
  });
  if (at < 0) return null;
  const [before, after] = [points[at - 1]!, points[at]!];
  const change =
    before.leading.name === after.leading.name
      ? `the ${after.leading.name} term turns at T = d`
      : `${before.leading.name} gives way to ${after.leading.name}`;
  return `${change}, between T = ${Math.round(before.x)} and ${Math.round(after.x)}: the window holds two regimes`;
}

function curved(points: readonly TheoryAt[], tolerance: number): string | null {
  const slopes = localSlopes(
    points.map(({ x }) => x),
    points.map(({ value }) => value),
  );
  const [low, high] = [Math.min(...slopes), Math.max(...slopes)];
  if (high - low <= tolerance) return null;
  const range = `${slopes[0]!.toFixed(3)} to ${slopes.at(-1)!.toFixed(3)}`;
  return `at this dimension the slope of the theory runs from ${range} and varies by ${(high - low).toFixed(3)}, more than ${tolerance}`;
}
