import type { GaussianRecipe } from '../../src/regimes/gaussian-recipe.ts';

/** What a recipe of Gaussians says, row by row from a generator of its own: every measure of the last model. */
export function literalGaussians(
  { dimension: d, sharpen, estimator, estimate: { rounds } }: GaussianRecipe,
  normal: () => number,
): Readonly<Record<GaussianRecipe['estimate']['measure'], number>> {
  let mean = new Array<number>(d).fill(0);
  let covariance = Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => Number(i === j)));
  const firstReal = new Map<string, number[][]>();
  let past: number[][] = [];
  for (const { kept, samples } of rounds) {
    const root = choleskyOf(covariance);
    const rows = kept ? past : [];
    const seen = [...rows];
    for (const { rows: count, real, draw } of samples) {
      const key = JSON.stringify(draw);
      const drawn =
        (real ? firstReal.get(key) : undefined) ??
        Array.from({ length: count }, () => {
          const z = Array.from({ length: d }, normal);
          return real
            ? z
            : z.map((_, i) => mean[i]! + sharpen * z.reduce((sum, x, k) => sum + (root[i]![k] ?? 0) * x, 0));
        });
      if (real) firstReal.set(key, drawn);
      seen.push(...drawn);
    }
    const n = seen.length;
    mean = mean.map((_, i) => seen.reduce((sum, row) => sum + row[i]!, 0) / n);
    covariance = covariance.map((row, i) =>
      row.map(
        (_, j) =>
          seen.reduce((sum, x) => sum + (x[i]! - mean[i]!) * (x[j]! - mean[j]!), 0) /
          (estimator === 'unbiased' ? n - 1 : n),
      ),
    );
    past = seen;
  }
  const trace = covariance.reduce((sum, row, i) => sum + row[i]!, 0);
  const volume = 2 * choleskyOf(covariance).reduce((sum, row, i) => sum + Math.log(row[i]!), 0);
  const inverse = inverseOf(covariance);
  const square = mean.reduce((sum, m, i) => sum + m * mean.reduce((s, x, j) => s + inverse[i]![j]! * x, 0), 0);
  return {
    mean: mean.reduce((sum, m) => sum + m * m, 0),
    variance: trace / d,
    'log-volume': volume / d,
    divergence: (inverse.reduce((sum, row, i) => sum + row[i]!, 0) + square - d + volume) / 2,
  };
}

function choleskyOf(a: readonly (readonly number[])[]): number[][] {
  const l: number[][] = a.map(() => []);
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j <= i; j++) {
      let rest = a[i]![j]!;
      for (let k = 0; k < j; k++) rest -= l[i]![k]! * l[j]![k]!;
      // Fewer rows than dimensions leave directions without any variance.
      if (i === j) l[i]![j] = rest > 1e-12 * a[i]![i]! ? Math.sqrt(rest) : 0;
      else l[i]![j] = l[j]![j]! === 0 ? 0 : rest / l[j]![j]!;
    }
  return l;
}

/** By Gauss and Jordan with pivots. */
function inverseOf(a: readonly (readonly number[])[]): number[][] {
  const n = a.length;
  const rows = a.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let c = 0; c < n; c++) {
    const pivot = rows
      .slice(c)
      .reduce((best, row, i) => (Math.abs(row[c]!) > Math.abs(rows[best]![c]!) ? c + i : best), c);
    [rows[c], rows[pivot]] = [rows[pivot]!, rows[c]!];
    const lead = rows[c]![c]!;
    rows[c] = rows[c]!.map((x) => x / lead);
    for (let r = 0; r < n; r++)
      if (r !== c) {
        const factor = rows[r]![c]!;
        rows[r] = rows[r]!.map((x, k) => x - factor * rows[c]![k]!);
      }
  }
  return rows.map((row) => row.slice(n));
}
