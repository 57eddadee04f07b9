/** An upper bidiagonal matrix B of `columns` columns and as many rows as its diagonal, and a right-hand side. */
export interface Bidiagonal {
  readonly columns: number;
  readonly diagonal: Float64Array;
  /** B[i][i + 1]; what stands beyond the last column is not read. */
  readonly above: Float64Array;
  readonly noise: Float64Array;
}

/** Columns in which the bidiagonal form of rows x dimension normal numbers is not zero. */
export function columnsOf(rows: number, dimension: number): number {
  return Math.min(dimension, rows + 1);
}

/**
 * u = argmin ||B u - top||^2 + ||sqrt(penalty) u - bottom||^2, by Givens rotations column by column (Golub and Van Loan,
 * Matrix Computations, Sec. 5.1) and back substitution; O(columns).
 */
export function dampedLeastSquares(b: Bidiagonal, penalty: number, top: Float64Array, bottom: Float64Array) {
  const { columns } = b;
  const diagonal = new Float64Array(columns);
  const above = new Float64Array(columns);
  const u = new Float64Array(columns);
  // Rest of the row before, one entry in this column, and its right-hand side.
  let rest = 0;
  let restSide = 0;
  for (let j = 0; j < columns; j++) {
    const damping = rotation(Math.sqrt(penalty), rest);
    const side = damping.cosine * bottom[j]! + damping.sine * restSide;
    const hasRow = j < b.diagonal.length;
    const [alpha, beta, y] = hasRow ? [b.diagonal[j]!, b.above[j]!, top[j]!] : [0, 0, 0];
    const row = rotation(alpha, damping.length);
    diagonal[j] = row.length;
    above[j] = row.cosine * beta;
    u[j] = row.cosine * y + row.sine * side;
    rest = -row.sine * beta;
    restSide = row.cosine * side - row.sine * y;
  }
  for (let j = columns - 1; j >= 0; j--) {
    const right = j + 1 < columns ? above[j]! * u[j + 1]! : 0;
    u[j] = (u[j]! - right) / diagonal[j]!;
  }
  return u;
}

/** The rotation that turns (a, b) into (length, 0). */
function rotation(a: number, b: number) {
  const length = Math.hypot(a, b);
  return length === 0 ? { length, cosine: 1, sine: 0 } : { length, cosine: a / length, sine: b / length };
}
