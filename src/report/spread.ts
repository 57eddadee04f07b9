/**
 * Moves positions apart to at least `gap`, in the order given, moving them as little as possible in the sum of squares:
 * y_i - i gap must not decrease, so it is an isotonic regression, solved by pooling adjacent violators. All stay within
 * [low, high] as far as they fit.
 */
export function spread(positions: readonly number[], gap: number, low: number, high: number): readonly number[] {
  const top = Math.max(low, high - gap * (positions.length - 1));
  const pooled = isotonic(positions.map((position, i) => position - i * gap));
  return pooled.map((value, i) => Math.min(Math.max(value, low), top) + i * gap);
}

interface Pool {
  readonly mean: number;
  readonly size: number;
}

function isotonic(values: readonly number[]): readonly number[] {
  const pools: Pool[] = [];
  for (const value of values) {
    let pool: Pool = { mean: value, size: 1 };
    while (pools.length > 0 && pools.at(-1)!.mean > pool.mean) pool = join(pools.pop()!, pool);
    pools.push(pool);
  }
  return pools.flatMap(({ mean, size }) => new Array<number>(size).fill(mean));
}

function join(a: Pool, b: Pool): Pool {
  const size = a.size + b.size;
  return { size, mean: (a.mean * a.size + b.mean * b.size) / size };
}
