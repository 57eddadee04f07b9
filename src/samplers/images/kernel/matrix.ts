import { choleskySolveSlab, SIDES, slabsOf, wholeSides } from '../../../kernels/cholesky.ts';
import { leadingBlock } from '../../../kernels/products.ts';
import { PANEL, padded } from '../../../kernels/tiles.ts';
import type { Tuning } from '../../../kernels/tuning.ts';
import { TRIALS } from '../../../program/amount.ts';
import type { BufferName, Program } from '../../../program/program.ts';
import type { FactorBuffers, GramSteps } from '../../gram.ts';
import type { Columns, HeldSlab, Products } from './products.ts';

/** A slab of the kernel matrix and the same of its factor. */
type FactoredSlab = HeldSlab & FactorBuffers;

/**
 * The kernel matrix, its factor and what is solved with it. A matrix that no binding holds is an upper triangle in slabs of rows, each in
 * buffers of its own:
 *
 *     A_s    rows of slab s, from its first column on;  A = U'U
 *     U_s    the same of the factor: that of A_s - sum_{t < s} U_t' U_t, as much of it as is of its rows
 */
export class KernelMatrix {
  readonly #program: Program;
  readonly #steps: GramSteps;
  readonly #products: Products;
  readonly #tuning: Tuning;
  /** Read by no product of a factor. */
  readonly #norms: BufferName;
  readonly #words: number;

  /** `words`: of a binding. */
  constructor(
    program: Program,
    steps: GramSteps,
    products: Products,
    { tuning, norms, words }: { readonly tuning: Tuning; readonly norms: BufferName; readonly words: number },
  ) {
    this.#program = program;
    this.#steps = steps;
    this.#products = products;
    this.#tuning = tuning;
    this.#norms = norms;
    this.#words = words;
  }

  /** The slabs of matrices of a row length; the first is in the buffers that serve a matrix which is one. */
  slabs(stride: number): readonly FactoredSlab[] {
    return slabsOf(stride, this.#words).map((slab, number) => {
      const buffer = (name: string, words: number) => this.#program.buffer(number ? `${name} ${number}` : name, words);
      const gram = buffer('gram', slab.rows * slab.stride);
      return {
        ...slab,
        buffer: gram,
        gram,
        matrix: buffer('matrix', slab.rows * slab.stride),
        inverses: buffer('inverses', slab.rows * PANEL),
      };
    });
  }

  /** Where a matrix is held of which others are blocks; null where no binding has room for it. */
  whole(stride: number): HeldSlab | null {
    if (slabsOf(stride, this.#words).length > 1) return null;
    return { first: 0, rows: stride, stride, buffer: this.#program.buffer('whole', stride * stride) };
  }

  /** The kernel matrix of the first `rows` points of one that is held. */
  block({ buffer: whole, stride: most }: HeldSlab, rows: number): void {
    const stride = padded(rows);
    const items = stride ** 2 / 4;
    this.#program.dispatch(
      leadingBlock,
      { whole, gram: this.slabs(stride)[0]!.gram },
      { groups: Math.ceil(items / 64), work: items },
      { rows, stride4: stride / 4, whole4: most / 4 },
    );
  }

  /** Cholesky factor of the matrix plus penalty; `factor` is its number among the statuses. */
  factor(stride: number, order: number, penalty: number, factor: number): void {
    const slabs = this.slabs(stride);
    if (slabs.length === 1) {
      this.#steps.factor(stride, order, penalty, factor);
      return;
    }
    for (const [s, slab] of slabs.entries()) {
      const { matrix, inverses } = slab;
      this.#steps.eliminate({ gram: this.#remainder(slabs, s), matrix, inverses }, slab, order, penalty, factor);
    }
  }

  /** What is left of a slab once the rows of the factor above it are taken out. */
  #remainder(slabs: readonly FactoredSlab[], s: number): BufferName {
    const { gram, first, rows, stride } = slabs[s]!;
    if (s === 0) return gram;
    const words = rows * stride;
    const buffer = this.#program.buffer('remainder', words);
    this.#program.copy({ buffer: gram, offset: 0 }, { buffer, offset: 0 }, words);
    for (const above of slabs.slice(0, s)) {
      const columns = this.#columns(above, first - above.first);
      const out = { depth: above.rows, rows, columns: stride, buffer, offset: 0, stride };
      this.#products.product(columns, columns, out, { upper: true, accumulate: true, subtract: true });
    }
    return buffer;
  }

  /** Solutions for so many right-hand sides, with the last factor. */
  solve(stride: number, order: number, count: number, sides: BufferName): void {
    const slabs = this.slabs(stride);
    if (slabs.length === 1) {
      this.#steps.solve(stride, order, count, sides);
      return;
    }
    for (const slab of slabs) this.#solve(slab, true, stride, count, sides);
    for (const slab of slabs.toReversed()) this.#solve(slab, false, stride, count, sides);
  }

  #solve(slab: FactoredSlab, FORWARDS: boolean, order: number, count: number, sides: BufferName): void {
    const { matrix, inverses, first, rows, stride } = slab;
    const { rows: source, lanes: LANES } = this.#tuning;
    const solutions = this.#steps.solutions(count, order);
    const unknowns = this.#program.buffer('unknowns', wholeSides(count) * order);
    const flops = rows * (2 * stride - rows) * count;
    this.#program.dispatch(
      choleskySolveSlab[source],
      { matrix, inverses, sides, unknowns, solutions },
      { groups: 1, layers: Math.ceil(count / SIDES), flops, work: 2 * flops, constants: { LANES, FORWARDS } },
      { stride4: stride / 4, rows4: rows / 4, first, order, layers: TRIALS, count },
    );
  }

  #columns({ matrix: buffer, stride }: FactoredSlab, offset: number): Columns {
    return { buffer, offset, stride, norms: this.#norms, firstNorm: 0 };
  }
}
