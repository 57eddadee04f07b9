import { dot, extremesOf, productTrace } from '../theory/spectrum.ts';
import { signalOf } from './linear-parameters.ts';
import {
  type Block,
  type Fit,
  isFit,
  isScaled,
  type LinearRecipe,
  type Model,
  type Scaled,
  type Shifted,
  type Truth,
} from './recipe.ts';

/**
 * Powers of two that keep a problem of regression within the range of f32. With truth, noises and shifts multiplied by c the test
 * error is multiplied by c^2; with eigenvalues and ridge multiplied by a^2, and truth and shifts divided by a, it stays as it is.
 * Both are exact for powers of two, so a recipe in other units has the same draws and the same digits.
 */

/** log2 of what amplitudes may be without a closer look, of either sign; and of lambda over the largest eigenvalue. */
const ORDINARY = { amplitude: 20, ridge: 36 };

/** log2 of the largest amplitude of a recipe: the square of a sum over rows stays below 2^127. */
const LARGEST = 50;

/** log2 of what the root of the test error may be: it may scatter by 2^16 about what is expected, and more to above. */
const ROOT = { least: -46, most: 40 };

/** log2 of the entries of a Gram matrix and of its penalty: without a closer look, and at all. */
const GRAM = { ordinary: 60, most: 120, least: -126 };

/** The exponent of truth, noises and shifts is a multiple of this, so that cells which differ a little stay one job. */
const STEP = 16;

/** The same trial in units in which its numbers fit into f32; the recipe itself wherever they do. */
export function inUnits(recipe: LinearRecipe): LinearRecipe {
  const { fits, shifts } = partsOf(recipe);
  const widening = wideningOf(recipe, fits);
  const unit = unitOf(recipe, fits, shifts);
  return unit === 0 && widening === 0 ? recipe : rescaled(recipe, unit, widening);
}

/** Every fit of a recipe once, labellers first, and every shift. */
function partsOf({ estimate }: LinearRecipe): { fits: readonly Fit[]; shifts: readonly Shifted[] } {
  const fits = new Set<Fit>();
  const shifts = new Set<Shifted>();
  const open: Fit[] = [estimate];
  while (open.length > 0) {
    const fit = open.at(-1)!;
    const labellers = fit.data.map(({ labels }) => labels);
    const before = labellers.filter((model): model is Fit => isFit(model) && !fits.has(model));
    if (before.length > 0) open.push(before[0]!);
    else fits.add(open.pop()!);
    for (const model of labellers) if (model !== 'truth' && !isFit(model) && !isScaled(model)) shifts.add(model);
  }
  return { fits: [...fits], shifts: [...shifts] };
}

/**
 * log2 of what roots of eigenvalues are to be multiplied by: what brings the largest near 1, because coefficients are as long as truth
 * and noise over its root, as far as ridge and smallest eigenvalue follow.
 */
function wideningOf({ spectrum }: LinearRecipe, fits: readonly Fit[]): number {
  const rows = Math.log2(Math.max(...fits.map(rowsOf)));
  const spectra = new Set([spectrum]);
  for (const { data } of fits) for (const block of data) if (block.spectrum) spectra.add(block.spectrum);
  const ridges = fits.map(({ ridge }) => ridge).filter((ridge) => ridge > 0);
  const top = Math.log2(largest([...spectra].map((one) => extremesOf(one).most)));
  const high = Math.max(top, Math.log2(largest([0, ...ridges]))) + rows;
  const low = Math.log2(smallest([...[...spectra].map(leastOf), ...ridges]));
  if (high <= GRAM.ordinary && low >= -GRAM.ordinary) return 0;
  const wanted = Math.min(-top, GRAM.most - high);
  return Math.round(Math.max(wanted, GRAM.least - low) / 2);
}

/** The least eigenvalue that rows have any variance along. */
function leastOf(spectrum: readonly number[]): number {
  const { least } = extremesOf(spectrum);
  return least > 0 ? least : smallest(spectrum.filter((s) => s > 0));
}

/** log2 of what truth, noises and shifts are to be divided by: what brings the root of the test error near 1. */
function unitOf(recipe: LinearRecipe, fits: readonly Fit[], shifts: readonly Shifted[]): number {
  const { spectrum, truth, dimension } = recipe;
  const signal = truthLength(truth, spectrum);
  const noises = fits.flatMap(({ data }) => data.map(({ noise }) => Math.abs(noise)));
  const shifted = shifts.map((shift) => Math.sqrt(dot(shiftVariances(shift), spectrum)));
  const amplitudes = [signal, ...noises, ...shifted].filter((size) => size > 0);
  if (amplitudes.length === 0) return 0;
  const top = extremesOf(spectrum).most;
  const isOrdinary =
    amplitudes.every((size) => Math.abs(Math.log2(size)) <= ORDINARY.amplitude) &&
    fits.every(({ ridge }) => ridge === 0 || Math.abs(Math.log2(ridge / top)) <= ORDINARY.ridge);
  if (isOrdinary) return 0;
  const most = Math.log2(largest(amplitudes));
  const root = Math.log2(expectedError(spectrum, signalOf(truth, dimension), fits)) / 2;
  if (most <= LARGEST && root >= ROOT.least && root <= ROOT.most) return 0;
  // No error at all, as of labels without noise: nothing is known but what it is made from.
  const wanted = Number.isFinite(root) ? root : most;
  return STEP * Math.ceil(Math.max(wanted - STEP / 2, most - LARGEST) / STEP);
}

/** Rows that a fit sees. */
const rowsOf = ({ data, subsample }: Fit): number => subsample?.rows ?? data.reduce((sum, { rows }) => sum + rows, 0);

/**
 * The test error to a few orders of magnitude. kappa: the ridge and, below d rows, what the directions beyond the rows add to it. Along direction j a
 * fit keeps s_j / (s_j + kappa) of what its labels are off by, and loses the rest of the truth.
 */
function expectedError(spectrum: readonly number[], signal: readonly number[], fits: readonly Fit[]): number {
  const falling = [...spectrum].sort((a, b) => b - a);
  const known = new Map<Fit, Float64Array>();
  let last = new Float64Array(spectrum.length);
  for (const fit of fits) {
    const rows = rowsOf(fit);
    const rank = Math.min(rows, fit.projection?.features ?? rows);
    const kappa = fit.descent
      ? fit.descent.batch / (fit.descent.rate * rows)
      : fit.ridge + falling.slice(rank).reduce((sum, s) => sum + s, 0) / rank;
    const labelled = new Float64Array(spectrum.length);
    const total = fit.data.reduce((sum, block) => sum + weightOf(block), 0);
    let noise = 0;
    for (const block of fit.data) {
      const share = Math.abs(weightOf(block) / total);
      noise += (share * block.noise ** 2) / rows;
      const variances = variancesOf(block.labels, signal, known);
      variances?.forEach((variance, j) => {
        labelled[j]! += share * variance;
      });
    }
    last = Float64Array.from(spectrum, (s, j) => {
      const [kept, lost] = [s / (s + kappa), kappa / (s + kappa)];
      return lost ** 2 * signal[j]! + kept ** 2 * (labelled[j]! + noise / s);
    });
    known.set(fit, last);
  }
  return dot(last, spectrum);
}

/** Of the coordinates of what a model is off by; null for the truth. */
function variancesOf(
  model: Model,
  signal: readonly number[],
  known: ReadonlyMap<Fit, Float64Array>,
): Float64Array | null {
  if (model === 'truth') return null;
  if (isScaled(model)) return Float64Array.from(model.factors, (factor, j) => (factor - 1) ** 2 * signal[j]!);
  return isFit(model) ? known.get(model)! : Float64Array.from(shiftVariances(model));
}

const weightOf = ({ rows, weight = 1 }: Block): number => rows * weight;

const shiftVariances = ({ deviations, scale }: Shifted): readonly number[] =>
  deviations.map((deviation) => (scale * deviation) ** 2);

/** Of ||w0|| in the norm of Sigma, the root of the mean square. */
const truthLength = (truth: Truth, spectrum: readonly number[]): number =>
  Math.sqrt(productTrace(signalOf(truth, spectrum.length), spectrum));

const largest = (sizes: readonly number[]): number => sizes.reduce((most, size) => Math.max(most, size));
const smallest = (sizes: readonly number[]): number => sizes.reduce((least, size) => Math.min(least, size));

/** The same trial with amplitudes divided by 2^unit and roots of eigenvalues multiplied by 2^widening. */
function rescaled(recipe: LinearRecipe, unit: number, widening: number): LinearRecipe {
  const wide = 4 ** widening;
  const [amplitude, coefficient] = [2 ** -unit, 2 ** (-unit - widening)];
  const widened = (spectrum: readonly number[]) => spectrum.map((s) => s * wide);
  const { fits, shifts } = partsOf(recipe);
  const known = new Map<Model, Fit | Shifted | Scaled>();
  for (const shift of shifts) {
    const deviations = shift.deviations.map((deviation) => deviation * 2 ** -widening);
    known.set(shift, { ...shift, deviations, scale: shift.scale * amplitude });
  }
  const rescaledBlock = (block: Block): Block => ({
    ...block,
    labels: block.labels === 'truth' || isScaled(block.labels) ? block.labels : known.get(block.labels)!,
    noise: block.noise * amplitude,
    ...(block.spectrum && { spectrum: widened(block.spectrum) }),
  });
  for (const fit of fits) {
    const { descent } = fit;
    const slower = descent && { descent: { ...descent, rate: descent.rate / wide } };
    known.set(fit, { ...fit, data: fit.data.map(rescaledBlock), ridge: fit.ridge * wide, ...slower });
  }
  return {
    ...recipe,
    spectrum: widened(recipe.spectrum),
    truth: rescaledTruth(recipe.truth, coefficient),
    estimate: known.get(recipe.estimate) as Fit,
    unit: (recipe.unit ?? 0) + unit,
  };
}

function rescaledTruth(truth: Truth, factor: number): Truth {
  switch (truth.kind) {
    case 'sphere':
      return { kind: 'sphere', norm: truth.norm * factor };
    case 'gaussian':
      return { kind: 'gaussian', variance: truth.variance * factor ** 2 };
    case 'coefficients':
      return { kind: 'coefficients', values: truth.values.map((c) => c * factor) };
    default:
      return truth satisfies never;
  }
}
