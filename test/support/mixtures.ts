import type { Fit, LinearRecipe, Model, Truth } from '../../src/regimes/recipe.ts';

/** Least-squares fits to real rows, labelled by the truth, beside synthetic ones, labelled by the mixture before. */
export interface Mixture {
  readonly d: number;
  /** Real and synthetic. */
  readonly rows: readonly [number, number];
  readonly noises: readonly [number, number];
  /** Of a real and of a synthetic row, one recipe for each. */
  readonly weights: readonly (readonly [number, number])[];
  readonly generations: readonly number[];
  /** What labels the synthetic rows of the first: the truth where absent. */
  readonly shift?: { readonly deviations: readonly number[]; readonly scale?: number };
  readonly generator?: { readonly rows: number; readonly noise: number };
  readonly syntheticFirst?: boolean;
  /** Whether the blocks of a fit are parts of one draw. */
  readonly oneDraw?: boolean;
  readonly spectrum?: readonly number[];
  readonly truth?: Truth;
}

/** One recipe for every pair of weights and generation, generations innermost. */
export function mixtureRecipes(m: Mixture): LinearRecipe[] {
  return m.weights.flatMap((weights) =>
    m.generations.map(
      (n): LinearRecipe => ({
        kind: 'linear',
        dimension: m.d,
        spectrum: m.spectrum ?? new Array<number>(m.d).fill(1),
        truth: m.truth ?? { kind: 'sphere', norm: 1 },
        estimate: mixed(m, weights, n),
      }),
    ),
  );
}

function mixed(m: Mixture, weights: readonly [number, number], generation: number): Fit {
  const labels = generation === 1 ? source(m) : mixed(m, weights, generation - 1);
  const blocks = ([0, 1] as const).map((b) => {
    const source = m.oneDraw ? 'rows' : `${b === 0 ? 'real' : 'synthetic'}:${m.rows[b]}`;
    const draw = { unit: `${source}:${m.d}`, generation };
    return {
      first: m.oneDraw && b === 1 ? m.rows[0] : 0,
      rows: m.rows[b],
      inputs: draw,
      errors: draw,
      labels: b === 0 ? ('truth' as const) : labels,
      noise: m.noises[b],
      weight: weights[b],
    };
  });
  return { data: m.syntheticFirst ? blocks.toReversed() : blocks, ridge: 0 };
}

function source({ d, shift, generator }: Mixture): Model {
  if (shift) return { shift: { unit: `shift:${d}`, generation: 0 }, scale: 1, ...shift };
  if (!generator) return 'truth';
  const draw = { unit: `generator:${d}x${generator.rows}`, generation: 0 };
  return {
    data: [{ rows: generator.rows, inputs: draw, errors: draw, labels: 'truth', noise: generator.noise }],
    ridge: 0,
  };
}

/**
 * What an unweighted mixture keeps of the squared distance of the model that labels the synthetic rows: from E A_11^2 and
 * E |A e_1|^2 of A = R^-T G2 R^-1, a matrix Beta law (T > d + 1).
 */
export function passedOn({ d, rows: [n1, n2] }: Mixture): number {
  const n = n1 + n2;
  const along = (n2 * (n2 + 2)) / (n * (n + 2));
  const beside = (n1 * n2 * (d - 1)) / (n * (n + 2) * (n - 1));
  return along + (beside * (n + 1)) / (n - d - 1);
}
