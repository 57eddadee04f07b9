import { normalCdf, normalDensity } from '../reference/normal-law.ts';
import { gaussLegendre, normalNodes, panelEnds, type Turn } from './quadrature.ts';

/** Coordinates in an orthonormal frame of the truth, the generator, the judge and the classifier that makes labels. */
export type Frame4 = readonly [number, number, number, number];

/** Rows x = c m + z with z ~ N(0, I), classes c = 1 and -1, their labels, and a judge who keeps some. */
export interface JudgedRows {
  readonly rows: number;
  /** m; its first coordinate is above 0 if classes have means. */
  readonly mean: Frame4;
  /** y = sign(x'l), of any length; null: the class itself, or sign(x_1) without class means. */
  readonly label: Frame4 | null;
  /** Whether y = 1 with the chance sigmoid(x'l) instead. */
  readonly sigmoid: boolean;
  /** Chance that a label is turned round. */
  readonly flips: number;
  /** Of any length: |x'o| is that of the unit vector. */
  readonly judge: Frame4;
  readonly least: number;
  readonly most: number;
  readonly agree: boolean;
  /** Chances to be kept where the label is that of the truth, and where it is not. */
  readonly right: number;
  readonly wrong: number;
}

/** E over rows that are drawn, of 1, xx' and xy where they are kept; beside the frame xx' is the share times the identity. */
export interface KeptMoments {
  readonly share: number;
  readonly squares: readonly (readonly number[])[];
  readonly labelled: readonly number[];
}

const FRAME = [0, 1, 2, 3] as const;

/**
 * Moments of the kept rows, one integral over the judge's score G; what is beside it of the label's direction, H, is integrated in closed form:
 * given G, sign(rho G + sqrt(1 - rho^2) H) is 1 with chance Phi(a), a = tau G + E H. null where the right label depends on a third
 * direction: labels of a direction that is not the truth, kept by whether they are right, without class means.
 */
export function keptMoments(block: JudgedRows): KeptMoments | null {
  const { flips, sigmoid, mean, least, most, agree, right, wrong } = block;
  const view = viewOf(block, block.judge);
  if (!view) return null;
  const { o, h, rho, beside, alone, ofClass, length, meanG, meanH } = view;
  const separation = mean[0];
  const tau = alone ? 0 : rho / beside;
  const r = FRAME.map((k) => mean[k]! - meanG * o[k] - meanH * h[k]!);

  /** Chance, E H and E H^2 of sign 1, and of sign -1, before it may be turned round, in terms of G. */
  const signed = (G: number): readonly [Moments, Moments] => {
    if (ofClass) return [CERTAIN, NEVER];
    if (alone) {
      const chance = (sign: 1 | -1): Moments => {
        if (sigmoid) return [chanceOf(sign * length * rho * G), 0, 0];
        return rho * G * sign > 0 ? CERTAIN : NEVER;
      };
      return [chance(1), chance(-1)];
    }
    if (sigmoid) {
      const up = overRest(meanH, turnBeside(view, G), (H) => length * (rho * G + beside * H));
      return [up, [1 - up[0], meanH - up[1], 1 + meanH * meanH - up[2]]];
    }
    const ofSign = (sign: 1 | -1): Moments => {
      const a = sign * (tau * G + meanH);
      const [chance, first] = [normalCdf(a), sign * normalDensity(a)];
      const second = chance - a * normalDensity(a);
      return [chance, meanH * chance + first, meanH * meanH * chance + 2 * meanH * first + second];
    };
    return [ofSign(1), ofSign(-1)];
  };

  const sum = { P: 0, PG: 0, PGG: 0, PH: 0, PHG: 0, PHH: 0, Y: 0, YG: 0, YH: 0 };
  for (const [G, weight] of scores(least, most, meanG, turnOfScore(view))) {
    for (const [k, [chance, first, second]] of signed(G).entries()) {
      const sign = k === 0 ? 1 : -1;
      for (const turned of [false, true]) {
        const y = turned ? -sign : sign;
        if (agree && y * G < 0) continue;
        // With class means rows are seen as x times their class, so that the right label is 1; else a label is right unless it was turned round.
        const isRight = separation > 0 ? y > 0 : !turned;
        const kept = weight * (turned ? flips : 1 - flips) * (isRight ? right : wrong);
        sum.P += kept * chance;
        sum.PG += kept * chance * G;
        sum.PGG += kept * chance * G * G;
        sum.PH += kept * first;
        sum.PHG += kept * first * G;
        sum.PHH += kept * second;
        sum.Y += kept * y * chance;
        sum.YG += kept * y * chance * G;
        sum.YH += kept * y * first;
      }
    }
  }
  const { P, PG, PGG, PH, PHG, PHH, Y, YG, YH } = sum;
  const squares = FRAME.map((i) =>
    FRAME.map((j) => {
      const rest = (i === j ? 1 : 0) - o[i] * o[j] - h[i]! * h[j]!;
      return (
        PGG * o[i] * o[j] +
        PHG * (o[i] * h[j]! + h[i]! * o[j]) +
        PHH * h[i]! * h[j]! +
        P * (r[i]! * r[j]! + rest) +
        PG * (o[i] * r[j]! + r[i]! * o[j]) +
        PH * (h[i]! * r[j]! + r[i]! * h[j]!)
      );
    }),
  );
  return { share: P, squares, labelled: FRAME.map((i) => YG * o[i] + YH * h[i]! + Y * r[i]!) };
}

/** Of 1, H and H^2; H does not count where the label has no direction beside the judge's. */
type Moments = readonly [number, number, number];
const CERTAIN: Moments = [1, 0, 0];
const NEVER: Moments = [0, 0, 0];

/** How label and judge see a row: by the scores G = x'o and, beside it, H = x'h; the label's direction is rho o + beside h. */
export interface View {
  readonly o: Frame4;
  readonly h: Frame4;
  readonly rho: number;
  readonly beside: number;
  /** Whether the label has no direction beside o. */
  readonly alone: boolean;
  /** Whether labels are the classes, and have no direction of their own. */
  readonly ofClass: boolean;
  /** Of the label's direction. */
  readonly length: number;
  readonly sigmoid: boolean;
  /** Of G and H. */
  readonly meanG: number;
  readonly meanH: number;
}

/** null where the right label depends on a third direction. `judge`: of any length. */
export function viewOf({ label, sigmoid, mean, right, wrong }: JudgedRows, judge: Frame4): View | null {
  const l = unit(label ?? [1, 0, 0, 0]);
  const o = unit(judge);
  const byTruth = l[0] > 1 - 1e-12;
  if (right !== wrong && mean[0] === 0 && (!byTruth || sigmoid)) return null;
  const ofClass = label === null && mean[0] > 0;
  const rho = ofClass ? 1 : Math.max(-1, Math.min(1, dot(l, o)));
  const beside = Math.sqrt(Math.max(0, 1 - rho * rho));
  const alone = beside < 1e-9;
  const across = (k: 0 | 1 | 2 | 3) => (alone ? 0 : (l[k] - rho * o[k]) / beside);
  const h: Frame4 = [across(0), across(1), across(2), across(3)];
  const length = Math.hypot(...(label ?? [1]));
  return { o, h, rho, beside, alone, ofClass, length, sigmoid, meanG: dot(mean, o), meanH: dot(mean, h) };
}

/** Where the chance of a label turns with the judge's score G; null where it does not. */
export function turnOfScore({ rho, beside, alone, ofClass, length, sigmoid, meanH }: View): Turn | null {
  if (ofClass || Math.abs(rho) < 1e-9) return null;
  const across = alone ? 0 : beside / Math.abs(rho);
  const width = Math.hypot(across, sigmoid ? 1 / (length * Math.abs(rho)) : 0);
  return { at: alone ? 0 : (-beside * meanH) / rho, width };
}

/** Where it turns with H, for a score G. */
export function turnBeside({ rho, beside, length, sigmoid }: View, G: number): Turn {
  return { at: (-rho * G) / beside, width: sigmoid ? 1 / (length * beside) : 0 };
}

export const chanceOf = (score: number) => 1 / (1 + Math.exp(-score));

/** E sigmoid(score), E H sigmoid(score) and E H^2 sigmoid(score), H normal about `mean`; the sigmoid turns there. */
function overRest(mean: number, turn: Turn, score: (H: number) => number): Moments {
  const sums: [number, number, number] = [0, 0, 0];
  const ends = panelEnds(mean - FARTHEST, mean + FARTHEST, WIDEST, [turn]);
  for (const [H, weight] of normalNodes(RULE, ends, mean)) {
    const part = weight * chanceOf(score(H));
    sums[0] += part;
    sums[1] += part * H;
    sums[2] += part * H * H;
  }
  return sums;
}

const RULE = gaussLegendre(12);
const WIDEST = 1.2;

/** Beyond so many deviations a Gaussian has nothing. */
const FARTHEST = 12;

/** Scores G with |G| from `least` to `most`, weighted by the density about `mean`. */
function scores(least: number, most: number, mean: number, turn: Turn | null): readonly (readonly [number, number])[] {
  const last = Math.min(most, Math.abs(mean) + FARTHEST);
  const turns = turn ? [turn] : [];
  return [
    ...normalNodes(RULE, panelEnds(-last, -least, WIDEST, turns), mean),
    ...normalNodes(RULE, panelEnds(least, last, WIDEST, turns), mean),
  ];
}

export const dot = (a: Frame4, b: Frame4) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];

export function unit(v: Frame4): Frame4 {
  const length = Math.hypot(...v);
  return [v[0] / length, v[1] / length, v[2] / length, v[3] / length];
}
