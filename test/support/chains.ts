import type { Fit, LinearRecipe, Truth } from '../../src/regimes/recipe.ts';

/** A chain of generators and a last fit, for several generations and ridges: what the regime `replace` makes, by hand. */
export interface Chain {
  readonly d: number;
  readonly generator?: {
    readonly rows: number;
    readonly noise: number;
    readonly reused?: boolean;
    readonly ridge?: number;
  };
  readonly generations: readonly number[];
  readonly rows: number;
  readonly noise: number;
  readonly ridges: readonly number[];
  readonly spectrum?: readonly number[];
  readonly truth?: Truth;
}

/** One recipe for every ridge and generation, generations innermost. */
export function chainRecipes(c: Chain): LinearRecipe[] {
  const model = (n: number): Fit | 'truth' => {
    if (n === 0) return 'truth';
    const { rows, noise, reused, ridge = 0 } = c.generator!;
    const unit = `generator:${c.d}x${rows}`;
    const inputs = { unit, generation: reused ? 0 : n - 1 };
    return { data: [{ rows, inputs, errors: { unit, generation: n - 1 }, labels: model(n - 1), noise }], ridge };
  };
  const draw = { unit: `downstream:${c.d}x${c.rows}`, generation: 0 };
  return c.ridges.flatMap((ridge) =>
    c.generations.map(
      (n): LinearRecipe => ({
        kind: 'linear',
        dimension: c.d,
        spectrum: c.spectrum ?? new Array<number>(c.d).fill(1),
        truth: c.truth ?? { kind: 'sphere', norm: 1 },
        estimate: { data: [{ rows: c.rows, inputs: draw, errors: draw, labels: model(n), noise: c.noise }], ridge },
      }),
    ),
  );
}

/** s_j = j^-exponent, j = 1 .. d. */
export const powers = (d: number, exponent: number) => Array.from({ length: d }, (_, j) => (j + 1) ** -exponent);
