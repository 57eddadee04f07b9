import { MOST_SHARES } from '../theory/median-test.ts';
import { type HeavyTail, type Outlook, PLAIN, type TrialLaw } from '../theory/outlook.ts';
import { isIsotropic, productTrace } from '../theory/spectrum.ts';
import { drawName } from './draw.ts';
import { signalOf } from './linear-parameters.ts';
import { type Fit, isFit, isScaled, type LinearRecipe, type Model, type Recipe, type Truth } from './recipe.ts';

/** Half the distance of 1 from the next number in single precision. */
const SINGLE = 2 ** -24;

/** From this many rows more or fewer than unknowns on, a trial of a noisy fit without ridge has a variance. */
const LEAST_SURPLUS = 4;

/** What is known of the trials of a cell from what it draws. Kernels on images have nothing like it, nor have tokens. */
export function outlookOf(recipe: Recipe): Outlook {
  if (recipe.kind !== 'linear') return PLAIN;
  const fits = fitsOf(recipe.estimate);
  return {
    scale: scaleOf(recipe, fits),
    rounding: fits.reduce((sum, fit) => sum + amplified(conditionOf(recipe.dimension, fit)), 0),
    failures: fits.reduce((sum, fit) => sum + breakdown(conditionOf(recipe.dimension, fit)), 0),
    tail: heavyTail(recipe, fits),
  };
}

/** Every fit behind an estimate, each once, what it depends on first. Without recursion: chains are long. */
function fitsOf(estimate: Fit): readonly Fit[] {
  const found: Fit[] = [];
  const seen = new Set<Model>([estimate]);
  const open: Fit[] = [estimate];
  for (let fit = open.pop(); fit !== undefined; fit = open.pop()) {
    found.push(fit);
    for (const { labels } of fit.data) {
      if (!isFit(labels) || seen.has(labels)) continue;
      seen.add(labels);
      open.push(labels);
    }
  }
  return found.reverse();
}

/** E ||w0||_Sigma^2, the variance of all label noise, and of all shifts in the norm of Sigma. */
function scaleOf({ spectrum, truth, dimension }: LinearRecipe, fits: readonly Fit[]): number {
  const signal = signalOf(truth, dimension);
  let sum = productTrace(spectrum, signal);
  const shifts = new Set<Model>();
  for (const { data } of fits) {
    for (const { noise, labels } of data) {
      sum += noise ** 2;
      if (labels === 'truth' || isFit(labels) || shifts.has(labels)) continue;
      shifts.add(labels);
      if (isScaled(labels)) {
        sum += labels.factors.reduce((total, f, j) => total + spectrum[j]! * (f - 1) ** 2 * signal[j]!, 0);
        continue;
      }
      sum += labels.deviations.reduce((total, d, j) => total + spectrum[j]! * (labels.scale * d) ** 2, 0);
    }
  }
  return sum;
}

const rowsOf = ({ data, subsample }: Fit) => subsample?.rows ?? data.reduce((sum, { rows }) => sum + rows, 0);

const unknownsOf = (dimension: number, { projection }: Fit) => Math.min(dimension, projection?.features ?? dimension);

/** Rows of one design that several blocks label count once. */
function seenRows(fit: Fit): number {
  return sameInputs(fit) ? (fit.subsample?.rows ?? fit.data[0]!.rows) : rowsOf(fit);
}

/** Whether all blocks of a fit are labels of the same rows. */
function sameInputs({ data }: Fit): boolean {
  const [one, ...others] = data;
  const at = ({ inputs, first = 0, rows }: Fit['data'][number]) => `${drawName(inputs)} ${first} ${rows}`;
  return others.every((other) => at(other) === at(one!));
}

/** The tail of a condition number: P(condition > t) is below `(base/t)^degrees / sqrt(2 pi)`; null where a ridge bounds it. */
interface Condition {
  readonly base: number;
  readonly degrees: number;
}

/**
 * Of a Gaussian T x p matrix, with m = max(T, p) and g = |T - p| + 1 degrees, the base is 6.414 m/g (Z. Chen, J. Dongarra, SIAM J. Matrix
 * Anal. Appl. 27, 603 (2005), Thm 4.5). Its square is the condition of the Gram matrix.
 */
function conditionOf(dimension: number, fit: Fit): Condition | null {
  if (fit.ridge > 0) return null;
  const [rows, unknowns] = [seenRows(fit), unknownsOf(dimension, fit)];
  const degrees = Math.abs(rows - unknowns) + 1;
  return { base: (6.414 * Math.max(rows, unknowns)) / degrees, degrees };
}

/** The probability that a Gram matrix is singular in single precision: its condition is beyond 1/`SINGLE`. */
function breakdown(condition: Condition | null): number {
  if (condition === null) return 0;
  const { base, degrees } = condition;
  return Math.min(1, (base * Math.sqrt(SINGLE)) ** degrees / Math.sqrt(2 * Math.PI));
}

/**
 * The mean square of `SINGLE` times the condition of the Gram matrix, up to where that breaks down: the relative error of a solution.
 * The integral of 4 SINGLE^2 t^3 times the least of 1 and the bound of P(condition > t).
 */
function amplified(condition: Condition | null): number {
  if (condition === null) return 0;
  const { base, degrees: g } = condition;
  const most = SINGLE ** -0.5;
  // Below the base the bound says nothing.
  if (base >= most) return 1;
  const tail = g === 4 ? Math.log(most / base) : ((base / most) ** (g - 4) - 1) / (4 - g);
  return SINGLE ** 2 * base ** 4 * (1 + (4 * tail) / Math.sqrt(2 * Math.PI));
}

/** Noise through a fit without ridge has the mean square of an inverse chi^2 of |T - p| + 1 degrees: no variance up to 4. */
function heavyTail(recipe: LinearRecipe, fits: readonly Fit[]): HeavyTail | null {
  const { dimension } = recipe;
  const heavy = fits.find((fit) => isHeavy(dimension, fit));
  if (heavy === undefined) return null;
  const [rows, unknowns] = [seenRows(heavy), unknownsOf(dimension, heavy)];
  const reason = `a fit without ridge to ${rows} noisy rows in dimension ${unknowns} has a mean error but no variance`;
  const law = lawOf(recipe, fits);
  return { reason, law: law !== null && law.shares.length <= MOST_SHARES ? law : null };
}

function isHeavy(dimension: number, fit: Fit): boolean {
  const surplus = Math.abs(seenRows(fit) - unknownsOf(dimension, fit));
  return fit.ridge === 0 && surplus < LEAST_SURPLUS && isScattered(dimension, fit);
}

/** Whether no one model explains the labels: noise, several models behind one fit, or features that leave some of w0 out. */
function isScattered(dimension: number, fit: Fit): boolean {
  const noisy = fit.data.some(({ noise }) => noise !== 0);
  const models = new Set(fit.data.map(({ labels }) => labels));
  return noisy || models.size > 1 || unknownsOf(dimension, fit) < dimension;
}

/**
 * The law of the test error in two settings, null in all others.
 *
 * Every fit sees one design, of T >= d rows: what its label noise adds, in the norm of Sigma, is a multivariate t variable of T - d + 1
 * degrees. Those of different designs are independent; those of one design share their denominator.
 *
 * All fits share one design of fewer rows, and Sigma is a multiple of I: what noise adds lies in the span of the inputs and has such a law too.
 * What is missing of w0 is orthogonal to it and independent: a beta share of the square of w0.
 */
function lawOf(recipe: LinearRecipe, fits: readonly Fit[]): TrialLaw | null {
  const { dimension: d, spectrum, truth } = recipe;
  const plain = fits.every(
    (fit) => fit.ridge === 0 && !fit.projection && !fit.subsample && sameInputs(fit) && isOwn(recipe, fit),
  );
  if (!plain) return null;
  const noises = noisesOf(fits);
  if (noises === null) return null;
  const rows = fits.map((fit) => seenRows(fit));
  if (rows.every((count) => count >= d)) return { directions: d, shares: sharesOf(noises, d), missed: null };
  if (!isIsotropic(spectrum) || noises.size > 1 || rows.some((count) => count !== rows[0])) return null;
  const lost = d - rows[0]!;
  const norm2 = truth.kind === 'sphere' ? truth.norm ** 2 : norm2Of(truth);
  const missed =
    truth.kind === 'gaussian'
      ? ({ kind: 'gaussian', variance: spectrum[0]! * truth.variance, lost } as const)
      : ({ kind: 'fixed', norm2: spectrum[0]! * norm2, lost, kept: rows[0]! } as const);
  return { directions: rows[0]!, shares: sharesOf(noises, d), missed };
}

function norm2Of(truth: Truth): number {
  return truth.kind === 'coefficients' ? truth.values.reduce((sum, c) => sum + c ** 2, 0) : 0;
}

const isOwn = ({ spectrum }: LinearRecipe, { data }: Fit) =>
  data.every(({ spectrum: own = spectrum }) => own.every((s, j) => s === spectrum[j]));

interface Noises {
  readonly rows: number;
  /** Of each label error of the design, by its draw, what the last estimate has of it. */
  readonly amounts: ReadonlyMap<string, number>;
}

/** The label errors in the last estimate, by design; null where a label is not of the truth or of a fit. */
function noisesOf(fits: readonly Fit[]): ReadonlyMap<string, Noises> | null {
  const weights = new Map<Model, number>([[fits.at(-1)!, 1]]);
  const designs = new Map<string, { rows: number; amounts: Map<string, number> }>();
  // From the last fit to the first: each has by then been given all its weight in the estimate.
  for (const fit of [...fits].reverse()) {
    const weight = weights.get(fit)!;
    const total = fit.data.reduce((sum, block) => sum + (block.weight ?? 1), 0);
    for (const { inputs, errors, labels, noise, rows, weight: own = 1 } of fit.data) {
      if (labels !== 'truth' && !isFit(labels)) return null;
      const share = (weight * own) / total;
      const name = drawName(inputs);
      const design = designs.get(name) ?? { rows, amounts: new Map<string, number>() };
      designs.set(name, design);
      const error = drawName(errors);
      design.amounts.set(error, (design.amounts.get(error) ?? 0) + share * noise);
      if (labels !== 'truth') weights.set(labels, (weights.get(labels) ?? 0) + share);
    }
  }
  return designs;
}

function sharesOf(noises: ReadonlyMap<string, Noises>, d: number): TrialLaw['shares'] {
  return [...noises.values()]
    .map(({ rows, amounts }) => ({
      variance: [...amounts.values()].reduce((sum, amount) => sum + amount ** 2, 0),
      freedom: Math.abs(rows - d) + 1,
    }))
    .filter(({ variance }) => variance > 0);
}
