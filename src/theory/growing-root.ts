/** A function at x > 0, and how fast it grows with log x. */
export interface Slope {
  readonly value: number;
  readonly slope: number;
}

/** Halvings of any interval of f64 in its logarithm, and Newton's last steps, are fewer. */
const MOST_STEPS = 200;

/**
 * The root of a function that grows with x, at or below 0 at `low` and at or above it at `high`, to rounding relative to itself at any
 * scale: Newton's method in log x, and the geometric mean of the bracket wherever a step would leave it or not halve its logarithm.
 */
export function growingRoot(f: (x: number) => Slope, low: number, high: number): number {
  let [a, b] = [low, high];
  let x = high;
  let last = Infinity;
  for (let step = 0; step < MOST_STEPS && a < b; step++) {
    const { value, slope } = f(x);
    if (value === 0) return x;
    if (value < 0) a = x;
    else b = x;
    const move = -value / slope;
    const next = x * Math.exp(move);
    if (Math.abs(move) <= 2 * Number.EPSILON) return next;
    // Without the second condition a staircase would let Newton's method go round for ever.
    const newton = next > a && next < b && Math.abs(move) <= last / 2;
    const middle = Math.sqrt(a) * Math.sqrt(b);
    if (!newton && !(middle > a && middle < b)) return x;
    last = newton ? Math.abs(move) : Infinity;
    x = newton ? next : middle;
  }
  return x;
}
