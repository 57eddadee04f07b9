import { normalDensity } from '../reference/normal-law.ts';
import { chanceOf, dot, type Frame4, type JudgedRows, unit, viewOf } from './kept-moments.ts';

/** Rows that a logistic classifier is fitted to: -(1/n) sum ln sigmoid(y x'w) + (ridge/2) |w|^2 over the kept of n drawn rows is least. */
export interface LogisticRound {
  readonly blocks: readonly JudgedRows[];
  readonly ridge: number;
}

/** The fit, its last coordinate the length of all beside the first three directions, and how many more rows are kept than degrees of freedom. */
export interface LogisticFitted {
  readonly model: Frame4;
  readonly spare: number;
}

/**
 * The fit for d and n without bound. In the frame U of all that labels and judge know it is u, beside it of length s; with x_U of a row, Z standard
 * normal, q = u'x_U + s Z, t = y q + l sigmoid(-t), r = y l sigmoid(-t), h = sigmoid'(t), over drawn rows of which some are kept, the solution in (u, s, l) of
 *     E[kept r x_U] = ridge l u,   s^2 = E[kept r^2] n/d,   d/n = E[kept l h / (1 + l h)] + ridge l
 * (all rows kept, labels of a model: Sur and Candes, arXiv:1803.06964v3, eq. (5); with a ridge Salehi, Abbasi and Hassibi, arXiv:1906.03761v1; kept rows:
 * docs/theory.md, "Select"). null where Newton's method finds none: without a ridge there is none beyond the phase transition, where labels are
 * separable; and where right and wrong labels are not told apart by the frame of label and judge.
 */
export function logisticFit({ blocks, ridge }: LogisticRound, dimension: number): LogisticFitted | null {
  const name = JSON.stringify([blocks.map((block) => ({ ...block, most: String(block.most) })), ridge, dimension]);
  if (!known.has(name)) {
    if (known.size > 2000) known.clear();
    known.set(name, solved(blocks, ridge, dimension));
  }
  return known.get(name)!;
}

/** Fits that were asked for: cells of a sweep go through the same ones. */
const known = new Map<string, LogisticFitted | null>();

function solved(blocks: readonly JudgedRows[], ridge: number, dimension: number): LogisticFitted | null {
  const drawn = blocks.reduce((sum, { rows }) => sum + rows, 0);
  const kappa = dimension / drawn;
  // Of labels from a sigmoid the length is known to begin with.
  let scale = Math.max(1, ...blocks.map(({ label, sigmoid }) => (sigmoid ? Math.hypot(...label!) : 1)));
  const first = blocks[0]!;
  const start = unit(first.label ?? [1, 0, 0, 0]);
  let x: readonly number[] = [
    ...start.map((value) => scale * value),
    Math.log(2 * Math.sqrt(kappa)),
    Math.log(4 * kappa),
  ];
  for (let round = 0; round < MOST_SCALES; round++) {
    const places: Place[] = [];
    for (const block of blocks) {
      const own = placesOf(block, block.rows / drawn, scale);
      if (!own) return null;
      places.push(...own);
    }
    const root = rootOf((at) => equations(at, places, kappa, ridge), x);
    if (!root) return null;
    x = root;
    const [u, s] = [x.slice(0, FRAME), Math.exp(x[FRAME]!)];
    const size = Math.max(Math.hypot(...u), s);
    if (size < 1.5 * scale) {
      const kept = places.reduce((sum, { weight }) => sum + weight, 0);
      // E[kept l h / (1 + l h)] is what of d/n the ridge leaves.
      const freedom = kappa - ridge * Math.exp(x[FRAME + 1]!);
      return { model: [u[0]!, u[1]!, u[2]!, Math.hypot(u[3]!, s)], spare: drawn * (kept - freedom) };
    }
    scale = size;
  }
  return null;
}

const FRAME = 4;
const MOST_SCALES = 4;

/** A row as labels and judge see it: x_U but for what is Gaussian beside them, y, the chance of both, and the directions beside which x_U is that. */
interface Place {
  readonly x: Frame4;
  readonly y: 1 | -1;
  readonly weight: number;
  readonly o: Frame4;
  readonly h: Frame4;
}

/** Nothing smaller counts, of one place or of one beside it. */
const LEAST_WEIGHT = 1e-10;

/** Rows of a block by the score G of the judge and, where labels need it, the coordinate H of their direction beside it. `scale`: of scores. */
function placesOf(block: JudgedRows, share: number, scale: number): readonly Place[] | null {
  const { flips, sigmoid, mean, least, most, agree, right, wrong } = block;
  const judged = least > 0 || most < Number.POSITIVE_INFINITY || agree;
  // A judge that keeps all rows has no direction.
  const view = viewOf(block, judged ? block.judge : (block.label ?? [1, 0, 0, 0]));
  if (!view) return null;
  const { o, h, rho, beside, alone, ofClass, length, meanG, meanH } = view;
  const separation = mean[0];
  const places: Place[] = [];
  const add = (G: number, H: number, sign: 1 | -1, weight: number) => {
    for (const turned of [false, true]) {
      const y = turned ? (-sign as 1 | -1) : sign;
      if (agree && y * G < 0) continue;
      const isRight = separation > 0 ? y > 0 : !turned;
      const chance = share * weight * (turned ? flips : 1 - flips) * (isRight ? right : wrong);
      if (!(chance > LEAST_WEIGHT * share)) continue;
      places.push({ x: along((k) => mean[k]! + (G - meanG) * o[k]! + (H - meanH) * h[k]!), y, weight: chance, o, h });
    }
  };
  // sign(rho G + beside H) turns at a point of H; a sigmoid nowhere.
  const smooth = sigmoid || ofClass;
  const scores = judged || (alone && !smooth) ? between(least, most, meanG, scale) : overAll(meanG, scale);
  for (const [G, weight] of scores) {
    if (ofClass) add(G, meanH, 1, weight);
    else if (alone && sigmoid)
      for (const sign of [1, -1] as const) add(G, meanH, sign, weight * chanceOf(sign * length * rho * G));
    else if (alone) add(G, meanH, rho * G >= 0 ? 1 : -1, weight);
    else if (sigmoid)
      for (const [H, share_] of overAll(meanH, scale))
        for (const sign of [1, -1] as const)
          add(G, H, sign, weight * share_ * chanceOf(sign * length * (rho * G + beside * H)));
    else
      for (const [H, share_] of overTurn((-rho * G) / beside, meanH, scale))
        add(G, H, rho * G + beside * H >= 0 ? 1 : -1, weight * share_);
  }
  return places;
}

/** What is left of the six equations at (u, ln s, ln l). */
function equations(at: readonly number[], places: readonly Place[], kappa: number, ridge: number): readonly number[] {
  const u: Frame4 = [at[0]!, at[1]!, at[2]!, at[3]!];
  const [s, l] = [Math.exp(at[FRAME]!), Math.exp(at[FRAME + 1]!)];
  const seen = [0, 0, 0, 0];
  let [second, third] = [0, 0];
  let last: Place | null = null;
  let rest: Frame4 = u;
  let nodes: readonly (readonly [number, number])[] = [];
  let spread = s;
  for (const place of places) {
    // Beside label and judge x_U is Gaussian, as what is beside the frame.
    if (last?.o !== place.o || last.h !== place.h) {
      const [alongO, alongH] = [dot(u, place.o), dot(u, place.h)];
      rest = along((k) => u[k]! - alongO * place.o[k]! - alongH * place.h[k]!);
      spread = Math.sqrt(dot(rest, rest) + s * s);
      nodes = overAll(0, Math.max(1, spread));
      last = place;
    }
    const { x, y, weight } = place;
    const middle = dot(u, x);
    let [moved, tilted] = [0, 0];
    const least = LEAST_WEIGHT / weight;
    // The nodes are in order: the last point is near the next.
    let t = 0;
    for (const [z, share] of nodes) {
      if (share < least) continue;
      t = proximal(y * (middle + spread * z), l, t);
      const p = chanceOf(-t);
      const r = y * l * p;
      const h = p * (1 - p);
      moved += share * r;
      tilted += share * r * z;
      second += weight * share * r * r;
      third += (weight * share * l * h) / (1 + l * h);
    }
    for (let k = 0; k < FRAME; k++) seen[k]! += weight * (moved * x[k]! + (tilted * rest[k]!) / spread);
  }
  return [
    ...seen.map((sum, k) => sum / l - ridge * u[k]!),
    second / kappa / (s * s) - 1,
    (third + ridge * l) / kappa - 1,
  ];
}

/** Deviations up to which is summed. */
const REACH = 7;

/** Nodes and weights of a standard normal about `mean` by the trapezoidal rule, whose error falls exponentially with the distance of poles over its step. */
function overAll(mean: number, scale: number): readonly (readonly [number, number])[] {
  const step = Math.max(0.8 / (1 + scale), REACH / 130);
  const reach = Math.ceil(REACH / step);
  return Array.from({ length: 2 * reach + 1 }, (_, i) => {
    const z = (i - reach) * step;
    return [mean + z, step * normalDensity(z)] as const;
  }).filter(([, weight]) => weight > 1e-18);
}

/** The same where what is summed turns at a point: two halves by Gauss's rule. */
const overTurn = (turn: number, mean: number, scale: number) => [
  ...panels(mean - REACH, Math.max(mean - REACH, Math.min(turn, mean + REACH)), mean, scale),
  ...panels(Math.max(mean - REACH, Math.min(turn, mean + REACH)), mean + REACH, mean, scale),
];

/** Scores with |G| between two bounds. */
function between(least: number, most: number, mean: number, scale: number): readonly (readonly [number, number])[] {
  const last = Math.min(most, Math.abs(mean) + REACH);
  return [...panels(least, last, mean, scale), ...panels(-last, -least, mean, scale)];
}

/** Panels of five points, narrow enough for sigmoids of scores of this scale. */
function panels(from: number, to: number, mean: number, scale: number): readonly (readonly [number, number])[] {
  if (!(to > from)) return [];
  const count = Math.ceil((to - from) / Math.min(1.2, 2.4 / scale));
  const half = (to - from) / count / 2;
  const found: [number, number][] = [];
  for (let k = 0; k < count; k++)
    for (const [i, node] of NODES.entries()) {
      const at = from + (2 * k + 1) * half + half * node;
      const weight = half * WEIGHTS[i]! * normalDensity(at - mean);
      if (weight > LEAST_WEIGHT) found.push([at, weight]);
    }
  return found;
}

/** Gauss and Legendre on -1 .. 1, five points. */
const NODES = [-0.906179845938664, -0.538469310105683, 0, 0.538469310105683, 0.906179845938664];
const WEIGHTS = [0.236926885056189, 0.478628670499366, 0.568888888888889, 0.478628670499366, 0.236926885056189];

const along = (of: (k: number) => number): Frame4 => [of(0), of(1), of(2), of(3)];

/** t = q + l sigmoid(-t), from a point near it by Newton's method within its bracket: with a large l a step may lead far beyond it, and back again. */
function proximal(q: number, l: number, near: number): number {
  let [low, high] = [q, q + l * chanceOf(-q)];
  let t = Math.min(high, Math.max(low, near));
  for (let step = 0; step < 100; step++) {
    const p = chanceOf(-t);
    const off = t - q - l * p;
    const change = off / (1 + l * p * (1 - p));
    if (Math.abs(change) < 1e-11 * (1 + Math.abs(t))) return t - change;
    if (off > 0) high = t;
    else low = t;
    const next = t - change;
    t = next > low && next < high ? next : (low + high) / 2;
  }
  return t;
}

const MOST_STEPS = 40;
const SOLVED = 1e-9;
const NEARLY_SOLVED = 1e-6;
/** Of a step: one that does not come nearer with less ends the search. */
const LEAST_SHARE = 1 / 200;
/** Of the logarithm of s: beyond it the fit is on its way to infinity. */
const MOST_LOG = 3.5;

/** A root by Broyden's method: derivatives by differences, mended by every step, and worked out anew where a whole step does not come nearer; null if there is none. */
function rootOf(of: (x: readonly number[]) => readonly number[], start: readonly number[]): readonly number[] | null {
  const size = (vector: readonly number[]) => Math.max(...vector.map(Math.abs));
  let x = start;
  let off = of(x);
  let slopes: number[][] | null = null;
  for (let step = 0; step < MOST_STEPS; step++) {
    if (size(off) < SOLVED) return x;
    const fresh = slopes === null;
    slopes ??= differences(of, x, off);
    const change = linearly(slopes, off);
    let share = 1;
    let next = x;
    let nextOff = off;
    for (; share > LEAST_SHARE; share /= 2) {
      next = x.map((value, i) => value - share * change[i]!);
      nextOff = of(next);
      if (size(nextOff) < size(off)) break;
      // Mended slopes are not worth shorter steps.
      if (!fresh) break;
    }
    if (size(nextOff) < size(off)) {
      if (!(next[FRAME]! < MOST_LOG)) return null;
      if (size(nextOff) > size(off) / 2) slopes = null;
      else mend(slopes, x, off, next, nextOff);
      [x, off] = [next, nextOff];
    } else if (fresh) {
      // Rounding ends the search a little before.
      return size(off) < NEARLY_SOLVED ? x : null;
    } else slopes = null;
  }
  return null;
}

/** Makes slopes say what a step has shown: along it, and as before across. */
function mend(
  slopes: number[][],
  x: readonly number[],
  off: readonly number[],
  next: readonly number[],
  nextOff: readonly number[],
): void {
  const moved = next.map((value, j) => value - x[j]!);
  const square = moved.reduce((sum, value) => sum + value * value, 0);
  for (const [i, row] of slopes.entries()) {
    const missed = nextOff[i]! - off[i]! - row.reduce((sum, slope, j) => sum + slope * moved[j]!, 0);
    for (let j = 0; j < row.length; j++) row[j]! += (missed * moved[j]!) / square;
  }
}

/** Rows: of each equation; columns: of each unknown. */
function differences(of: (x: readonly number[]) => readonly number[], x: readonly number[], off: readonly number[]) {
  const delta = 1e-6;
  const columns = x.map((_, k) =>
    of(x.map((value, i) => value + (i === k ? delta : 0))).map((f, i) => (f - off[i]!) / delta),
  );
  return off.map((_, i) => columns.map((column) => column[i]!));
}

/** A x = b by Gauss's elimination with pivots. */
function linearly(matrix: readonly (readonly number[])[], b: readonly number[]): readonly number[] {
  const n = b.length;
  const rows = matrix.map((row, i) => [...row, b[i]!]);
  for (let k = 0; k < n; k++) {
    let best = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(rows[i]![k]!) > Math.abs(rows[best]![k]!)) best = i;
    [rows[k], rows[best]] = [rows[best]!, rows[k]!];
    for (let i = k + 1; i < n; i++) {
      const factor = rows[i]![k]! / rows[k]![k]!;
      for (let j = k; j <= n; j++) rows[i]![j]! -= factor * rows[k]![j]!;
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let sum = rows[i]![n]!;
    for (let j = i + 1; j < n; j++) sum -= rows[i]![j]! * x[j]!;
    x[i] = sum / rows[i]![i]!;
  }
  return x;
}
