/** A small generator for oracles (Marsaglia's xorshift), independent of the project's own: uniforms in [0, 1). */
export function uniforms(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** `draws` numbers of 0 .. probabilities.length - 1, or one more where they fall beyond all of them; counts of each. */
export function histogram(probabilities: ArrayLike<number>, draws: number, uniform: () => number): Float64Array {
  const sums = new Float64Array(probabilities.length);
  let sum = 0;
  for (let i = 0; i < sums.length; i++) {
    sum += probabilities[i]!;
    sums[i] = sum;
  }
  const counts = new Float64Array(probabilities.length + 1);
  for (let t = 0; t < draws; t++) {
    const u = uniform();
    let low = 0;
    let high = sums.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! > u) high = middle;
      else low = middle + 1;
    }
    counts[low]!++;
  }
  return counts;
}

/** Mean and its standard error. */
export function meanOf(values: readonly number[]): { readonly mean: number; readonly error: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (values.length - 1) / values.length) };
}

/** Slope of log y against log x by least squares. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const [mx, my] = [0, 1].map((k) => logs.reduce((sum, point) => sum + point[k as 0 | 1], 0) / logs.length);
  const cross = logs.reduce((sum, [x, y]) => sum + (x - mx!) * (y - my!), 0);
  return cross / logs.reduce((sum, [x]) => sum + (x - mx!) ** 2, 0);
}
