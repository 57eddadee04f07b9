import type { ReplaceProblem } from '../../src/theory/replace.ts';

/** j^-exponent for j = 1..d. */
export function powers(dimension: number, exponent: number): readonly number[] {
  return Array.from({ length: dimension }, (_, j) => (j + 1) ** -exponent);
}

export function ones(dimension: number, value = 1): readonly number[] {
  return Array<number>(dimension).fill(value);
}

/** Setting of arXiv:2402.07712v2, Fig 1: d = 300, Sigma = I, ||w0|| = 1, T0 = 600, sigma = .1, sigma0 = .2. */
export function figure1(generations: number, rows: number, ridge: number): ReplaceProblem {
  return {
    spectrum: ones(300),
    signal: ones(300, 1 / 300),
    generator: { rows: 600, noise: 0.2, design: 'fresh' },
    generations,
    downstream: { rows, noise: 0.1, ridge },
  };
}

/** Setting of ibid., Fig 2: s_j = j^-2, c_j = j^-1/4, T0 = 600, sigma = sigma0 = 1. */
export function figure2(generations: number, rows: number, ridge: number): ReplaceProblem {
  return {
    spectrum: powers(300, 2),
    signal: powers(300, 0.5),
    generator: { rows: 600, noise: 1, design: 'fresh' },
    generations,
    downstream: { rows, noise: 1, ridge },
  };
}
