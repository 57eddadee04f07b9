/**
 * Any number of least-squares fits that label each other's rows, each fit on many more rows than dimensions, in powers of d/n to two orders.
 */

/** Rows of one design with their label errors. */
export interface NetworkBlock {
  readonly rows: number;
  /** Of the label noise. */
  readonly variance: number;
}

/** A part of what a fit sees. */
export interface NetworkPart {
  /** Number of the block. */
  readonly block: number;
  /** Of the objective; those of a fit sum to 1. */
  readonly share: number;
  /** Number of the fit that labels it, an earlier one; null is the truth. */
  readonly labels: number | null;
}

/**
 * Mean of `||w - w0||_Sigma^2` of the last fit, the leading order and what the next adds to it. Sigma = I is no loss: least squares has no scale.
 *
 * S_b = 1 + D_b, z_b: X'X/n and X'e/n of block b;  v: error of a fit;  a_b: its share of block b
 *
 *     v = (sum_b a_b S_b)^-1 sum_b a_b (S_b v_b + z_b)
 *
 * Every v is a sum over blocks of (p + sum_c q_c D_c + sum_c r_c D_c^2) z_b, but for products of two different D, whose trace has mean 0.
 * E tr D_c^2 = d (d + 1)/n_c and E z_b z_b' = variance S_b/n_b given the design make the two orders of E|v|^2.
 */
export function networkError(
  dimension: number,
  blocks: readonly NetworkBlock[],
  fits: readonly (readonly NetworkPart[])[],
): { readonly leading: number; readonly correction: number } {
  const done: Response[] = [];
  for (const parts of fits) done.push(respond(parts, done, blocks.length));
  const { p, q, r } = done.at(-1)!;
  let [leading, correction] = [0, 0];
  for (const [b, { rows, variance }] of blocks.entries()) {
    const unit = (variance * dimension) / rows;
    let next = (2 * p[b]! * q[b]![b]! * (dimension + 1)) / rows;
    for (const [c, other] of blocks.entries())
      next += ((q[b]![c]! ** 2 + 2 * p[b]! * r[b]![c]!) * (dimension + 1)) / other.rows;
    leading += unit * p[b]! ** 2;
    correction += unit * next;
  }
  return { leading, correction };
}

/** p, q_c and r_c by block. */
interface Response {
  readonly p: Float64Array;
  readonly q: readonly Float64Array[];
  readonly r: readonly Float64Array[];
}

function respond(parts: readonly NetworkPart[], done: readonly Response[], count: number): Response {
  const p = new Float64Array(count);
  const [q, r] = [0, 1].map(() => Array.from({ length: count }, () => new Float64Array(count))) as [
    Float64Array[],
    Float64Array[],
  ];
  const shares = new Float64Array(count);
  // What is solved for: sum_b a_b (S_b v_b + z_b).
  for (const { block, share, labels } of parts) {
    shares[block]! += share;
    p[block]! += share;
    if (labels === null) continue;
    const before = done[labels]!;
    for (let b = 0; b < count; b++) {
      p[b]! += share * before.p[b]!;
      for (let c = 0; c < count; c++) {
        q[b]![c]! += share * before.q[b]![c]!;
        r[b]![c]! += share * before.r[b]![c]!;
      }
      q[b]![block]! += share * before.p[b]!;
      r[b]![block]! += share * before.q[b]![block]!;
    }
  }
  // Times 1 - D + D^2, D = sum_c a_c D_c.
  for (let b = 0; b < count; b++)
    for (let c = 0; c < count; c++) {
      const a = shares[c]!;
      r[b]![c]! += a * (a * p[b]! - q[b]![c]!);
      q[b]![c]! -= a * p[b]!;
    }
  return { p, q, r };
}
