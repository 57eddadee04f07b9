import { drawName } from '../../../regimes/draw.ts';
import type { LinearRecipe } from '../../../regimes/recipe.ts';
import type { Design } from '../../design.ts';
import type { FitPass, FitSchedule } from '../../fit-schedule.ts';
import { conditionOf, conditionsOf, spectrumOf } from './conditioning.ts';
import { genericRank, zerosOf } from './rank.ts';

/** Condition numbers of which f32 is capable: with correction; and where nothing foresees that it is needed. */
const MOST = { corrected: 1e10, plain: 1e4 } as const;

/** Ratio of weights beyond which rows of the smaller one are seen only where the others leave off. */
const UNEVEN = 100;

/** Length of the truth over the root of the test error, both in the norm of Sigma, up to which f32 tells an estimate from the truth. */
export const MOST_SIGNAL = 5e3;

/** Squared lengths of columns of a design that keep clear of the ends of f32. */
const SQUARES = [2 ** -100, 2 ** 100] as const;

/**
 * Why fits of a schedule are out of reach of f32 for what they are, not by the chance of a draw; all of it is then left to the
 * f64 reference (docs/numerics.md, "Rank"). null where they are not.
 */
export function beyondSingle(schedule: FitSchedule): string | null {
  const regular = conditionsOf(schedule);
  for (const [i, pass] of schedule.passes.entries()) {
    if (outOfRange(schedule, pass)) return 'eigenvalues times samples are near the ends of what f32 holds';
    if (signalOver(schedule, pass) > MOST_SIGNAL) return 'the test error is lost beside a truth that is so much larger';
    if (pass.ridges.some((ridge, r) => isSingular(schedule, pass, ridge, regular[i]![r]!)))
      return 'the Gram matrix is singular, or to f32 it is';
  }
  return null;
}

/** Whether a matrix is singular to f32; at most as far as the ridge lets it be. */
function isSingular(schedule: FitSchedule, pass: FitPass, ridge: number, regular: number): boolean {
  const most = penalised(schedule, pass, ridge);
  if (Math.min(most, regular) > MOST.corrected) return true;
  if (most <= MOST.plain) return false;
  const { design, rows } = pass;
  const { dimension } = schedule;
  const rank = distinctRows(design);
  if (rank < rows) {
    if (rank < dimension) return true;
    if (conditionOf(rank, ridge, spectrumOf(design, schedule.spectrum)) > Math.max(MOST.plain, regular)) return true;
  }
  const uneven = unevenness(pass, dimension);
  return isDeficient(schedule, pass) || (uneven > UNEVEN && uneven * regular > MOST.plain);
}

/** Condition number of the Gram matrix plus penalty if some of its eigenvalues are zero. */
function penalised({ dimension, spectrum }: FitSchedule, { design, rows }: FitPass, ridge: number): number {
  const features = design.projection?.features ?? dimension;
  const largest = spectrumOf(design, spectrum).reduce((a, b) => Math.max(a, b));
  const high = largest * (Math.sqrt(rows) + Math.sqrt(features)) ** 2 * Math.max(1, features / dimension);
  return 1 + high / (rows * ridge);
}

/** Whether squares leave the middle of f32. */
function outOfRange({ spectrum }: FitSchedule, { design, rows }: FitPass): boolean {
  const squares = spectrumOf(design, spectrum).map((s) => s * rows);
  return squares.some((square) => square > SQUARES[1] || (square > 0 && square < SQUARES[0]));
}

/** The same for the fits of a pass. */
export function signalOver(schedule: FitSchedule, pass: FitPass): number {
  if (!pass.measured) return 0;
  return Math.max(...pass.ridges.map((ridge) => signalRatio(schedule, pass.rows, ridge, noisesOf(pass))));
}

/**
 * How much longer than the root of the least test error to expect the truth is, in the norm of Sigma: the error of the smallest noise
 * above 0 on so many rows, of what they cannot see, and of what the ridge takes away; 0 where all is found exactly.
 */
export function signalRatio(recipe: Problem, rows: number, ridge: number, noises: readonly number[]): number {
  const { truth, error } = squaresOf(recipe, rows, ridge, noises);
  return error > 0 ? Math.sqrt(truth / error) : 0;
}

/** Test errors of each cell below which chance has left an estimate nearer to the truth than f32 tells; 0 where none is expected. */
export function floorsOf(schedule: FitSchedule): readonly number[] {
  const floors = new Map<number, number>();
  for (const pass of schedule.passes) {
    pass.ridges.forEach((ridge, r) => {
      const { truth, error } = squaresOf(schedule, pass.rows, ridge, noisesOf(pass));
      const floor = Math.min((truth + error) / LEAST.below, Math.min(truth, error) / LEAST.unusual);
      for (const side of pass.sides.keys()) floors.set(pass.firstError + r * pass.sides.length + side, floor);
    });
  }
  return schedule.cells.map(({ error, unit = 0 }) => floors.get(error)! * 4 ** unit);
}

/** How much smaller than all that is seen, and than is usual, such a test error is. */
const LEAST = { below: 1e6, unusual: 100 } as const;

type Problem = Pick<LinearRecipe, 'truth' | 'spectrum' | 'dimension'>;

interface Squares {
  readonly truth: number;
  readonly error: number;
}

const noisesOf = ({ sides }: FitPass) => sides.flatMap(({ labels }) => labels.map(({ noise }) => noise));

/** The squared length of the truth in the norm of Sigma, and the least test error to expect. */
function squaresOf(problem: Problem, rows: number, ridge: number, noises: readonly number[]): Squares {
  const { spectrum, dimension } = problem;
  const { square, smallest } = signalOf(problem);
  const unseen = smallest[Math.max(0, dimension - rows)]!;
  const least = noises.reduce((most, noise) => (noise === 0 ? most : Math.min(most, noise ** 2)), Number.MAX_VALUE);
  const made = least < Number.MAX_VALUE ? (least * Math.min(rows, dimension)) / (rows + dimension) : 0;
  let taken = 0;
  if (ridge > 0) for (let j = 0; j < dimension; j++) taken += square[j]! * (ridge / (ridge + spectrum[j]!)) ** 2;
  return { truth: smallest[dimension]!, error: made + unseen + taken };
}

interface Signal {
  /** E s_j c_j^2 of every coordinate. */
  readonly square: Float64Array;
  /** smallest[k]: the sum of the k smallest of them. */
  readonly smallest: Float64Array;
}

/** Every pass and every ridge of a job asks, and spectra are long. */
const signals = new WeakMap<Problem['truth'], { readonly spectrum: readonly number[]; readonly signal: Signal }>();

function signalOf({ truth, spectrum, dimension }: Problem): Signal {
  const known = signals.get(truth);
  if (known?.spectrum === spectrum) return known.signal;
  const variance =
    truth.kind === 'sphere' ? truth.norm ** 2 / dimension : truth.kind === 'gaussian' ? truth.variance : 0;
  const square = Float64Array.from(spectrum, (s, j) =>
    truth.kind === 'coefficients' ? s * truth.values[j]! ** 2 : s * variance,
  );
  const smallest = new Float64Array(dimension + 1);
  square.toSorted().forEach((value, k) => {
    smallest[k + 1] = smallest[k]! + value;
  });
  const signal = { square, smallest };
  signals.set(truth, { spectrum, signal });
  return signal;
}

/** Whether the Gram matrix, of order min(rows, features), has a smaller rank for certain. */
function isDeficient({ dimension, spectrum }: FitSchedule, { design, rows }: FitPass): boolean {
  const features = design.projection?.features ?? dimension;
  if (dimension < Math.min(rows, features)) return true;
  const zeros = zerosOf(design.parts, spectrum.length);
  if (!zeros) return false;
  const most = Math.min(rows, features);
  if (design.subsample) return true;
  return (
    genericRank(
      Array.from({ length: rows }, (_, row) => zeros(row)),
      dimension,
    ) < most
  );
}

/**
 * Rows of a fit that are different from each other: of a random part of data in which rows stand several times, as few as one trial
 * in millions has.
 */
function distinctRows({ parts, subsample, rows }: Design): number {
  if (!subsample) return rows;
  const draws = new Map<string, { first: number; end: number; copies: number }>();
  for (const { inputs, spectrum, first, rows } of parts) {
    const name = JSON.stringify([drawName(inputs), spectrum]);
    const known = draws.get(name) ?? { first, end: first, copies: 0 };
    const end = Math.max(known.end, first + rows);
    draws.set(name, { first: Math.min(known.first, first), end, copies: known.copies + rows });
  }
  const all = [...draws.values()].map(({ first, end, copies }) => ({ different: end - first, copies }));
  if (all.every(({ different, copies }) => copies <= different)) return rows;
  const pool = all.reduce((sum, { copies }) => sum + copies, 0);
  let [mean, variance] = [0, 0];
  for (const { different, copies } of all) {
    let missed = 1;
    for (let copy = 0; copy < copies / different; copy++) missed *= Math.max(0, pool - rows - copy) / (pool - copy);
    mean += different * (1 - missed);
    variance += different * missed * (1 - missed);
  }
  return Math.floor(mean - 5 * Math.sqrt(variance));
}

/** How much less than the largest those rows weigh that are needed to see everything. */
function unevenness({ design: { parts, subsample }, rows }: FitPass, dimension: number): number {
  if (subsample) return 1;
  const falling = [...parts].sort((a, b) => b.weight - a.weight);
  let seen = 0;
  const last = falling.find((part) => {
    seen += part.rows;
    return seen >= Math.min(rows, dimension);
  });
  return falling[0]!.weight / last!.weight;
}
