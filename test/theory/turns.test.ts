/**
 * Plan. Integrals over rows whose labels turn fast: a judge that is nearly the labeller, sigmoids that are long, class means. The oracle sums over
 * the plane of label and judge in polar coordinates, whose sectors end where a sign turns, by Gauss's rule of three points.
 * - moments of kept rows
 * - the fit by logistic regression fulfils its three equations, t = q + l sigmoid(-t) solved by halving
 * - the rule of Gauss and panels themselves: polynomials, a step, a narrow sigmoid
 */
import { describe, expect, it } from 'vitest';
import { type Frame4, type JudgedRows, keptMoments } from '../../src/theory/kept-moments.ts';
import { logisticFit } from '../../src/theory/logistic.ts';
import { gaussLegendre, normalNodes, panelEnds } from '../../src/theory/quadrature.ts';

const plain = {
  ...{ rows: 1000, mean: [0, 0, 0, 0] as Frame4, sigmoid: false, flips: 0.1, judge: [1, 0, 0, 0] as Frame4 },
  ...{ least: 0, most: Number.POSITIVE_INFINITY, agree: true, right: 1, wrong: 1 },
} as const;
const at = (angle: number, length = 1): Frame4 => [length * Math.cos(angle), length * Math.sin(angle), 0, 0];

const CASES: readonly (readonly [string, JudgedRows])[] = [
  ['a judge at .01', { ...plain, label: at(0.01) }],
  ['a judge at .1', { ...plain, label: at(0.1) }],
  ['a judge at 1', { ...plain, label: at(1) }],
  ['means, a judge at .01', { ...plain, label: at(0.01), mean: [1, 2, 0, 0] }],
  ['means, a judge at .1 that errs', { ...plain, label: at(0.1), mean: [1, -1, 0, 0], right: 0.9, wrong: 0.3 }],
  ['a sigmoid of length 6', { ...plain, label: at(0.4, 6), sigmoid: true }],
  ['a sigmoid of length 60', { ...plain, label: at(0.4, 60), sigmoid: true }],
  ['a sigmoid of length 400, a judge at .02', { ...plain, label: at(0.02, 400), sigmoid: true }],
  ['a sigmoid of the judge, of length 200', { ...plain, label: at(0, 200), sigmoid: true }],
];

const GAUSS = [
  [-Math.sqrt(0.6), 5 / 18],
  [0, 8 / 18],
  [Math.sqrt(0.6), 5 / 18],
] as const;

/** Points and weights of an integral from a to b, panels as given by their ends. */
function points(ends: readonly number[]): (readonly [number, number])[] {
  return ends.slice(1).flatMap((end, k) => {
    const half = (end - ends[k]!) / 2;
    return GAUSS.map(([node, weight]) => [end - half + half * node, 2 * half * weight] as const);
  });
}

/** What is kept of rows in the plane of label and judge: x, y and the chance of both. */
function* keptRows(block: JudgedRows): Generator<readonly [x: readonly [number, number], y: number, chance: number]> {
  const label = block.label!;
  const angle = Math.atan2(label[1], label[0]);
  const length = Math.hypot(label[0], label[1]);
  // The judge lies along the first axis: signs turn at right angles to it and to the label.
  const turns = [Math.PI / 2, angle + Math.PI / 2].flatMap((turn) => [turn - Math.PI, turn, turn + Math.PI]);
  const narrow = turns.flatMap((turn) =>
    Array.from({ length: 14 }, (_, k) => 2 ** (k - 14)).flatMap((step) => [turn - step, turn + step]),
  );
  const inner = [...turns, ...narrow, ...Array.from({ length: 31 }, (_, k) => -Math.PI + (k + 1) * 0.2)];
  const ends = [-Math.PI, ...inner.filter((end) => Math.abs(end) < Math.PI).sort((a, b) => a - b), Math.PI];
  const small = Array.from({ length: 10 }, (_, k) => 0.3 * 2 ** (k - 10));
  const radii = points([0, ...small, ...Array.from({ length: 30 }, (_, k) => 0.3 * (k + 1))]);
  for (const [phi, wide] of points(ends))
    for (const [r, deep] of radii) {
      const x = [r * Math.cos(phi), r * Math.sin(phi)] as const;
      const square = (x[0] - block.mean[0]) ** 2 + (x[1] - block.mean[1]) ** 2;
      const density = (wide * deep * r * Math.exp(-square / 2)) / (2 * Math.PI);
      if (density < 1e-14) continue;
      const score = length * r * Math.cos(phi - angle);
      for (const sign of [1, -1]) {
        const chance = block.sigmoid ? 1 / (1 + Math.exp(-sign * score)) : sign * score > 0 ? 1 : 0;
        for (const turned of [false, true]) {
          const y = turned ? -sign : sign;
          if (block.agree && y * x[0] < 0) continue;
          const right = block.mean[0] > 0 ? y > 0 : !turned;
          yield [
            x,
            y,
            density * chance * (turned ? block.flips : 1 - block.flips) * (right ? block.right : block.wrong),
          ];
        }
      }
    }
}

describe.each(CASES)('%s', (_, block) => {
  it('has these moments of kept rows', () => {
    const sums = { share: 0, xx: 0, xy: 0, yy: 0, labelled: [0, 0] as [number, number] };
    for (const [[a, b], y, chance] of keptRows(block)) {
      sums.share += chance;
      sums.xx += chance * a * a;
      sums.xy += chance * a * b;
      sums.yy += chance * b * b;
      sums.labelled[0] += chance * y * a;
      sums.labelled[1] += chance * y * b;
    }
    const { share, squares, labelled } = keptMoments(block)!;
    const near = (value: number, wanted: number) => expect(Math.abs(value - wanted)).toBeLessThan(2e-5);
    near(share, sums.share);
    near(squares[0]![0]!, sums.xx);
    near(squares[0]![1]!, sums.xy);
    near(squares[1]![1]!, sums.yy);
    near(squares[2]![2]!, sums.share);
    near(labelled[0]!, sums.labelled[0]);
    near(labelled[1]!, sums.labelled[1]);
  });

  it('has this logistic fit', () => {
    const [dimension, ridge] = [100, 0.01];
    const kappa = dimension / block.rows;
    const { model, spare } = logisticFit({ blocks: [block], ridge }, dimension)!;
    const [u, s] = [model.slice(0, 2) as [number, number], model[3]];
    const rows = [...keptRows(block)].filter(([, , chance]) => chance > 1e-10);
    const kept = rows.reduce((sum, [, , chance]) => sum + chance, 0);
    const l = (spare / block.rows - kept + kappa) / ridge;
    const sigmoid = (t: number) => 1 / (1 + Math.exp(-t));
    const scatter = points(Array.from({ length: 15 }, (_, k) => k - 7)).map(
      ([z, weight]) => [z, (weight * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI)] as const,
    );
    const sums = { moved: [0, 0] as [number, number], square: 0, freedom: 0 };
    for (const [x, y, chance] of rows)
      for (const [z, weight] of scatter) {
        const q = y * (u[0] * x[0] + u[1] * x[1] + s * z);
        let [low, high] = [q, q + l];
        for (let k = 0; k < 32; k++) {
          const middle = (low + high) / 2;
          if (middle > q + l * sigmoid(-middle)) high = middle;
          else low = middle;
        }
        const p = sigmoid(-low);
        const part = chance * weight;
        sums.moved[0] += part * y * p * x[0];
        sums.moved[1] += part * y * p * x[1];
        sums.square += part * (l * p) ** 2;
        sums.freedom += (part * l * p * (1 - p)) / (1 + l * p * (1 - p));
      }
    for (const k of [0, 1] as const) expect(Math.abs(sums.moved[k] - ridge * u[k])).toBeLessThan(2e-5);
    expect(Math.abs(sums.square / kappa / (s * s) - 1)).toBeLessThan(2e-4);
    expect(Math.abs((sums.freedom + ridge * l) / kappa - 1)).toBeLessThan(2e-4);
  });
});

describe('panels', () => {
  const rule = gaussLegendre(5);

  it('of Gauss are exact for polynomials up to twice their number', () => {
    for (let power = 0; power < 10; power++) {
      const sum = rule.reduce((all, { node, weight }) => all + weight * node ** power, 0);
      expect(sum * (power + 1)).toBeCloseTo(1, 14);
    }
  });

  it('end at turns, none wider than asked, and cover what they should', () => {
    const ends = panelEnds(-3, 5, 0.7, [{ at: 1.1, width: 0.01 }]);
    expect(ends[0]).toBe(-3);
    expect(ends.at(-1)).toBe(5);
    expect(ends).toContain(1.1);
    const widths = ends.slice(1).map((end, k) => end - ends[k]!);
    expect(Math.min(...widths)).toBeGreaterThan(0);
    expect(Math.max(...widths)).toBeLessThan(0.7 + 1e-12);
    expect(panelEnds(0, 1, 2, [{ at: 7, width: 0.1 }])).toEqual([0, 1]);
  });

  it('know a step and a narrow sigmoid under the normal law', () => {
    const about = (at: number, width: number, of: (z: number) => number) =>
      normalNodes(rule, panelEnds(-9, 9, 0.6, [{ at, width }]), 0).reduce(
        (sum, [z, weight]) => sum + weight * of(z),
        0,
      );
    expect(about(0.5, 0, (z) => (z > 0.5 ? 1 : 0))).toBeCloseTo(0.308537538725987, 9);
    // By symmetry about 0.
    expect(about(0, 1e-3, (z) => 1 / (1 + Math.exp(-1000 * z)))).toBeCloseTo(0.5, 9);
  });
});
