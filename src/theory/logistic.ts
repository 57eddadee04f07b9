import { normalDensity } from '../reference/normal-law.ts';
import { rootOf } from './broyden.ts';
import { chanceOf, dot, type Frame4, type JudgedRows, turnBeside, turnOfScore, unit, viewOf } from './kept-moments.ts';
import { gaussLegendre, normalNodes, panelEnds, type Turn } from './quadrature.ts';

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
  // A fit is about as long as the sigmoid of its labels; and (ridge/2) |w|^2 <= ln 2, the loss of w = 0.
  const longest = Math.max(1, ...blocks.map(({ label, sigmoid }) => (sigmoid ? Math.hypot(...label!) : 1)));
  const length = Math.min(longest, Math.max(1, Math.sqrt((2 * Math.LN2) / ridge)));
  const start = unit(blocks[0]!.label ?? [1, 0, 0, 0]);
  // With a ridge there is a fit, which may be much shorter.
  const lengths = ridge > 0 ? [length, length / 4, length / 16, 1].filter((one) => one >= 1) : [length];
  for (const from of new Set(lengths)) {
    const begun = [...start.map((value) => from * value), Math.log(2 * Math.sqrt(kappa)), Math.log(4 * kappa)];
    const found = solvedFrom(begun, { blocks, ridge }, drawn, kappa);
    if (found) {
      const { u, s, kept, l } = found;
      // E[kept l h / (1 + l h)] is what of d/n the ridge leaves.
      return { model: [u[0], u[1], u[2], Math.hypot(u[3], s)], spare: drawn * (kept - (kappa - ridge * l)) };
    }
  }
  return null;
}

/** The solution near where the search begins; places of rows become as close as the fit that is found is long. null if there is none, or moments have no frame. */
function solvedFrom(begun: readonly number[], { blocks, ridge }: LogisticRound, drawn: number, kappa: number) {
  let x = begun;
  let scale = FIRST_SCALE;
  for (let round = 0; round < MOST_SCALES; round++) {
    const places: Place[] = [];
    for (const block of blocks) {
      const own = placesOf(block, block.rows / drawn, scale);
      if (!own) return null;
      for (const place of own) places.push(place);
    }
    const root = rootOf((at) => equations(at, places, kappa, ridge), x, lost);
    if (!root) return null;
    x = root;
    const u: Frame4 = [x[0]!, x[1]!, x[2]!, x[3]!];
    const [s, l] = [Math.exp(x[FRAME]!), Math.exp(x[FRAME + 1]!)];
    const size = Math.max(Math.hypot(...u), s);
    if (size < 1.5 * scale) return { u, s, l, kept: places.reduce((sum, { weight }) => sum + weight, 0) };
    scale = size;
  }
  return null;
}

const FIRST_SCALE = 2;
const FRAME = 4;
const MOST_SCALES = 4;

/** Of ln s: beyond it the fit is on its way to infinity. */
const MOST_LOG = 3.5;
const lost = (x: readonly number[]) => !(x[FRAME]! < MOST_LOG);

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
  const turn = turnOfScore(view);
  for (const [G, weight] of scores(least, most, meanG, scale, turn)) {
    if (ofClass) add(G, meanH, 1, weight);
    else if (alone && sigmoid)
      for (const sign of [1, -1] as const) add(G, meanH, sign, weight * chanceOf(sign * length * rho * G));
    else if (alone) add(G, meanH, rho * G >= 0 ? 1 : -1, weight);
    else
      for (const [H, rest] of nodesBetween(meanH - REACH, meanH + REACH, meanH, scale, turnBeside(view, G))) {
        const score = rho * G + beside * H;
        if (sigmoid)
          for (const sign of [1, -1] as const) add(G, H, sign, weight * rest * chanceOf(sign * length * score));
        else add(G, H, score >= 0 ? 1 : -1, weight * rest);
      }
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
      nodes = overAll(Math.max(1, spread));
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

/** Beyond this scale a search has lost its way. */
const LEAST_STEP = 0.8 / 60;

/** Nodes and weights of a standard normal by the trapezoidal rule, whose error falls exponentially with the distance of poles over its step. */
function overAll(scale: number): readonly (readonly [number, number])[] {
  const step = Math.max(0.8 / (1 + scale), LEAST_STEP);
  const reach = Math.ceil(REACH / step);
  return Array.from({ length: 2 * reach + 1 }, (_, i) => {
    const z = (i - reach) * step;
    return [z, step * normalDensity(z)] as const;
  });
}

/** Scores with |G| between two bounds. */
function scores(least: number, most: number, mean: number, scale: number, turn: Turn | null) {
  const last = Math.min(most, Math.abs(mean) + REACH);
  return [...nodesBetween(-last, -least, mean, scale, turn), ...nodesBetween(least, last, mean, scale, turn)];
}

const RULE = gaussLegendre(5);
/** Panels narrow enough for sigmoids of scores of scale 1, and of whatever scale: longer models turn where labels do. */
const [WIDEST, NARROWEST] = [1.2, 0.12];

/** `scale`: of the model. A label that is a sign turns at once, its model within 1/scale. */
function nodesBetween(from: number, to: number, mean: number, scale: number, turn: Turn | null) {
  const widest = Math.max(NARROWEST, Math.min(WIDEST, 2.4 / scale));
  const turns = turn ? [{ at: turn.at, width: turn.width > 0 ? Math.min(turn.width, 1 / scale) : 1 / scale }] : [];
  return normalNodes(RULE, panelEnds(from, to, widest, turns), mean).filter(([, weight]) => weight > LEAST_WEIGHT);
}

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
