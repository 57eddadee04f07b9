/**
 * Plan. Chains of logistic fits in high dimension:
 * - lengths and cosines of settings in no experiment file, against a simulation by another program (NumPy, Newton's method with backtracking, 300 to
 *   400 chains; mean and standard error), within the allowance and four standard errors
 * - one fit with 20 rows to an unknown and few: the known limits, w of the truth where rows are many, a length that grows
 * - beyond the phase transition of Candes and Sur there is no fit: for labels without a truth that is d/n = 1/2
 */
import { describe, expect, it } from 'vitest';
import { type ClassProblem, classPrediction, type RoundRows } from '../../src/theory/classes.ts';
import type { Frame4 } from '../../src/theory/kept-moments.ts';
import { logisticFit } from '../../src/theory/logistic.ts';

const [ORIGIN, TRUTH]: readonly [Frame4, Frame4] = [
  [0, 0, 0, 0],
  [1, 0, 0, 0],
];
const plain = {
  ...{ mean: ORIGIN, sigmoid: true, covariance: null, flips: 0, judge: TRUTH },
  ...{ least: 0, most: Number.POSITIVE_INFINITY, agree: false, right: 1, wrong: 1 },
} as const;

/** Fit after fit to fresh rows. */
const chainOf = (dimension: number, rows: number, norm: number, ridge: number, count: number): ClassProblem => ({
  ...{ dimension, separation: 0 },
  rounds: Array.from({ length: count }, (_, k) => {
    const block: RoundRows = { ...plain, rows, label: k === 0 ? [norm, 0, 0, 0] : 'model' };
    return { blocks: [block], loss: 'logistic', ridge };
  }),
});

/** Length and cosine after fits 1, 2, …, each with its standard error. */
const SIMULATED = [
  {
    ...{ dimension: 60, samples: 750, norm: 1, ridge: 0 },
    rounds: [
      [1.3018, 0.0055, 0.8396, 0.0016],
      [1.6291, 0.0094, 0.7425, 0.0025],
      [1.9718, 0.0132, 0.6784, 0.0032],
      [2.368, 0.0183, 0.6302, 0.0036],
    ],
  },
  {
    ...{ dimension: 60, samples: 750, norm: 1, ridge: 0.05 },
    rounds: [
      [0.9309, 0.0031, 0.843, 0.0015],
      [0.8897, 0.0034, 0.6927, 0.0029],
      [0.8687, 0.0037, 0.5671, 0.0039],
      [0.8551, 0.0035, 0.4619, 0.0048],
    ],
  },
  {
    ...{ dimension: 80, samples: 1000, norm: 2.5, ridge: 0.01 },
    rounds: [
      [2.3168, 0.0063, 0.95, 0.0005],
      [2.1985, 0.0077, 0.8996, 0.001],
      [2.1181, 0.0076, 0.8468, 0.0014],
    ],
  },
] as const;

describe.each(SIMULATED)('d = $dimension, n = $samples, |w0| = $norm, ridge $ridge', ({ rounds, ...setting }) => {
  const { dimension, samples, norm, ridge } = setting;
  it.each(rounds.map((round, i) => [i + 1, round] as const))(
    'after %i fits',
    (count, [length, ofLength, cosine, ofCosine]) => {
      for (const [measure, mean, sem] of [
        ['norm', length, ofLength],
        ['cosine', cosine, ofCosine],
      ] as const) {
        const theory = classPrediction(chainOf(dimension, samples, norm, ridge, count), 'source', measure);
        if (theory?.kind !== 'value') throw new Error('no value');
        expect(theory.allowance).toBeLessThan(0.03 * theory.value);
        expect(Math.abs(theory.value - mean)).toBeLessThan(theory.allowance + 4 * sem);
      }
    },
  );
});

/** w = a v + s xi of a fit to labels of a v of this length, kappa = d/n. */
function stateOf(length: number, kappa: number, ridge: number) {
  const rows = 1e6;
  const found = logisticFit({ blocks: [{ ...plain, rows, label: [length, 0, 0, 0] }], ridge }, kappa * rows);
  return found && { a: found.model[0] / length, s: found.model[3] };
}

describe('one fit', () => {
  it('finds the truth where rows are many', () => {
    const { a, s } = stateOf(2, 1e-4, 0)!;
    expect(a).toBeCloseTo(1, 3);
    // The scatter of the greatest likelihood: d / n over the Fisher information across the truth.
    let information = 0;
    for (let z = -8; z <= 8; z += 0.01) {
      const p = 1 / (1 + Math.exp(-2 * z));
      information += (0.01 * p * (1 - p) * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
    }
    expect((s * s * information) / 1e-4).toBeCloseTo(1, 2);
  });

  it('grows in length with the unknowns of a row, and shrinks with a ridge', () => {
    const lengthOf = (kappa: number, ridge: number) => {
      const { a, s } = stateOf(1.5, kappa, ridge)!;
      return Math.hypot(1.5 * a, s);
    };
    expect(lengthOf(0.1, 0)).toBeGreaterThan(lengthOf(0.05, 0));
    expect(lengthOf(0.05, 0.1)).toBeLessThan(lengthOf(0.05, 0.01));
  });

  it('does not exist beyond the phase transition', () => {
    expect(stateOf(1e-3, 0.45, 0)).not.toBeNull();
    expect(stateOf(1e-3, 0.52, 0)).toBeNull();
    expect(stateOf(1e-3, 0.52, 0.01)).not.toBeNull();
  });
});
