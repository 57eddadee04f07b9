import type { Problem } from '../experiment/problem.ts';
import { power } from '../reference/power.ts';
import { ruleRidge } from '../theory/optimal-ridge.ts';
import { criticalExponent } from '../theory/scaling-law.ts';
import { extremesOf } from '../theory/spectrum.ts';
import { fitsSingle, type LinearCell, lawOf, type RidgeRule, rowsOf, spectrumOf } from './linear-parameters.ts';
import { penaltyProblems } from './range.ts';

/** What the ridge of the last fit has to know of the fits that label its data; noise is a standard deviation. */
export interface Labeller {
  readonly rows: number;
  readonly noise: number;
}

/** lambda, with T^-l worked out; NaN where a rule has none to give, which `ridgeProblems` says. */
export function ridgeOf(cell: LinearCell, labellers: readonly Labeller[]): number {
  const { dimension, downstream } = cell;
  const { ridge, samples } = downstream;
  if (typeof ridge === 'number') return ridge;
  if (typeof ridge.power === 'number') return power(rowsOf(samples, dimension), -ridge.power);
  const found = byRule(ridge.power, cell, labellers);
  return 'ridge' in found ? found.ridge : Number.NaN;
}

export function ridgeProblems(cell: LinearCell, labellers: readonly Labeller[]): Problem[] {
  const { ridge } = cell.downstream;
  const asked = typeof ridge === 'number' ? ridge : ridge.power;
  const found = typeof asked === 'string' ? byRule(asked, cell, labellers) : { ridge: ridgeOf(cell, labellers) };
  if ('reason' in found) return [{ path: 'downstream.ridge.power', message: `found "${asked}", but ${found.reason}` }];
  const { dimension, covariance, downstream } = cell;
  const spectrum = spectrumOf(covariance, dimension);
  // Wrong by themselves, which `linearProblems` says.
  const { least, most } = extremesOf(spectrum);
  if (![least, most].every((s) => s > 0 && fitsSingle(s))) return [];
  return penaltyProblems('downstream.ridge', found.ridge, rowsOf(downstream.samples, dimension), [spectrum]);
}

/**
 * The ridge of a rule, or why it has none to give. Generators of different sizes count by what they add, sigma0^2/T_m, in
 * units of the first.
 */
export function byRule(rule: RidgeRule, cell: LinearCell, labellers: readonly Labeller[]) {
  const law = lawOf(cell);
  if (law === null)
    return { reason: 'it needs a covariance of kind power-law and a truth of kind power-law or source' };
  const { dimension, downstream } = cell;
  const rows = rowsOf(downstream.samples, dimension);
  const [first] = labellers;
  const count = labellers.reduce((sum, one) => sum + first!.rows / one.rows, 0);
  const generators = first && first.noise > 0 && rule === 'optimal' ? { ...first, count } : null;
  if (rule === 'critical' && law.beta > 1 && law.r > 0) return { ridge: power(rows, -criticalExponent(law)) };
  return ruleRidge({ law, dimension, rows, noise: downstream.noise, generators });
}
