import type { BufferName } from '../../../program/program.ts';
import type { Projection } from '../../../regimes/recipe.ts';
import type { Columns, HeldSlab } from './products.ts';

/** Functions of images, so many of them: sum_i weights[i][c] k(points[i], .). */
export interface Functions {
  readonly projection: Projection | undefined;
  readonly points: Columns;
  /** Points of each. */
  readonly depth: number;
  readonly weights: BufferName;
  readonly count: number;
}

/** Images that functions are evaluated at, and where the values go: a row for each function. */
export interface Evaluated {
  readonly images: Columns;
  readonly columns: number;
  readonly into: BufferName;
  readonly offset: number;
  readonly stride: number;
}

/** How the device works with a kernel. */
export interface Space {
  /** Upper triangle of the kernel matrix of the first `rows` points. */
  gram(points: Columns, rows: number, slabs: readonly HeldSlab[], projection: Projection | undefined): void;
  evaluate(functions: Functions, at: Evaluated): void;
}
