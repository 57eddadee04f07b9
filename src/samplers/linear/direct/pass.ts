import { padded } from '../../../kernels/tiles.ts';
import type { BufferName } from '../../../program/program.ts';
import type { FitPass } from '../../fit-schedule.ts';
import { type DesignBlock, type Vectors, vectors } from '../../gram.ts';
import { layersOf } from '../steps.ts';
import { type Add, type CorrectedBuffers, correct, distancesTo, type MatrixForecast, type System } from './correct.ts';
import { designOf, type PassDesign } from './designs.ts';
import type { DirectJob } from './job.ts';
import type { Nest } from './nested.ts';
import type { Models } from './rows.ts';
import { labelStride, type PassShape, roundsOf, shapeOf, slotsOf } from './shape.ts';

/** One pass by the split kernels: primal or dual, on inputs or on random features of them. */
export class DirectPass {
  readonly #job: DirectJob;
  readonly #pass: FitPass;
  readonly #shape: PassShape;
  readonly #design: PassDesign;
  /** Row length of vectors that are fitted: d or the random features, padded. */
  readonly #width: number;

  constructor(job: DirectJob, pass: FitPass, index: number, nest: Nest | null) {
    this.#job = job;
    this.#pass = pass;
    this.#shape = shapeOf(pass, job.schedule.dimension);
    this.#design = designOf(job, pass, this.#shape, index, nest);
    this.#width = this.#shape.projected ? padded(this.#shape.features) : job.steps.features;
  }

  /** `conditions`: condition numbers to expect, by ridge. */
  all(corrections: readonly number[], conditions: readonly number[]): void {
    const { steps, schedule } = this.#job;
    const { ridges, rows, sides, factorReady, firstFactor, measured } = this.#pass;
    const { dual, projected, stride, order } = this.#shape;
    const right = dual ? this.#labels : this.#ofSides('sides', stride);
    this.#design.begin();
    this.#data((_, slot) => vectors(steps.models, slot, steps.features), right, true);
    for (const [r, ridge] of ridges.entries()) {
      const corrected = corrections[r]! > 0;
      const penalty = ridge * rows + (corrected ? this.#shift(schedule.spectrum) : 0);
      if (!factorReady) steps.factor(stride, order, penalty, firstFactor + r);
      steps.solve(stride, order, sides.length, right.buffer);
      this.#estimate();
      if (corrected) this.#correct(r, corrections[r]!, this.#matrix(penalty, conditions[r]!));
      const fitted = dual || projected || corrected ? this.#estimates.buffer : this.#solutions.buffer;
      if (measured) steps.measure(this.#pass, fitted, r);
      steps.keep(this.#pass, fitted, r);
    }
  }

  /** Right-hand sides of labels by the given models; at first the design is drawn and its Gram matrix formed. */
  #data(models: Models, into: Vectors, first: boolean): void {
    const { steps } = this.#job;
    const { dual } = this.#shape;
    const y = dual ? into : this.#labels;
    const layers = layersOf(this.#pass.sides.length, y.stride, into.stride);
    this.#design.blocks(first, (block, firstRow) => {
      const accumulate = firstRow > 0 ? 1 : 0;
      if (first && !this.#pass.factorReady) steps.gram(block, accumulate);
      this.#design.label(models, block, firstRow, y);
      if (!dual) steps.moments(block, y, into, accumulate, layers);
    });
  }

  /** From solutions to coefficients: back from the dual, and from random features. */
  #estimate(): void {
    const { dual, projected } = this.#shape;
    if (dual) this.#dualImages(this.#solutions, projected ? this.#coefficients : this.#estimates);
    if (projected) this.#expand(dual ? this.#coefficients : this.#solutions, this.#estimates);
  }

  /** S v of vectors v of random features. */
  #expand(from: Vectors, into: Vectors): void {
    const { steps } = this.#job;
    const layers = layersOf(this.#pass.sides.length, from.stride, into.stride);
    steps.product(this.#design.projection!, from, into, undefined, layers);
  }

  /**
   * What the factor of a corrected fit has on its diagonal beyond the penalty: in the dual the rounding of XX', as the norm of
   * a matrix of random entries. It keeps pivots positive where many eigenvalues are below it, and steps of correction take
   * it out. Rounding of X'X is graded like its diagonal, and only the last pivots of all come near it.
   */
  #shift(spectrum: readonly number[]): number {
    const { dual, projected, features } = this.#shape;
    if (!dual) return 0;
    const trace = spectrum.reduce((sum, s) => sum + s, 0);
    const spread = projected ? features / spectrum.length : 1;
    return 4 * Math.sqrt(this.#pass.rows) * 2 ** -24 * trace * spread;
  }

  #matrix(penalty: number, kappa: number): MatrixForecast {
    const { order, dual, projected } = this.#shape;
    const { parts } = this.#pass.design;
    const isOwn = projected || parts.some(({ spectrum }) => spectrum);
    const rows = parts.reduce((sum, part) => sum + part.weight * (part.samples ?? part.rows), 0);
    const trace = this.#job.schedule.spectrum.reduce((sum, s) => sum + s, 0);
    return { order, penalty, weight: isOwn || dual ? 0 : rows, least: isOwn || !dual ? 0 : trace, kappa };
  }

  #correct(r: number, steps: number, matrix: MatrixForecast): void {
    const { steps: all, schedule, scale } = this.#job;
    const { sides, ridges, rows, firstFactor } = this.#pass;
    const { dual, stride, projected } = this.#shape;
    const slots = sides.map(slotsOf);
    const rounds = roundsOf(this.#pass);
    const distances = vectors(this.#distances(rounds), 0, this.#width);
    const [residuals, directions] = [this.#ofSides('residuals', stride), this.#ofSides('directions', stride)];
    const moved = projected ? this.#coefficients : this.#estimates;
    const buffers: CorrectedBuffers = {
      estimates: this.#estimates.buffer,
      distances: distances.buffer,
      residuals: residuals.buffer,
      directions: directions.buffer,
    };
    const system: System = {
      pass: this.#pass,
      factor: firstFactor + r,
      matrix,
      dual,
      penalty: ridges[r]! * rows,
      stride,
      unknowns: dual ? this.#ofSides('sides', stride).buffer : moved.buffer,
      residuals: (add) => {
        for (let round = 0; round < rounds; round++) {
          const models = slots.map((of) => of[round] ?? 0);
          distancesTo(all, buffers, models, round * sides.length, add);
        }
        const from: Models = (s, slot) =>
          vectors(distances.buffer, slots[s]!.indexOf(slot) * sides.length + s, all.features);
        this.#data(from, residuals, false);
      },
      images: (take) => this.#images(directions, distances, take),
      advance: (add: Add) => {
        if (dual) add(moved, distances.buffer, 1, true);
        if (projected) this.#expand(this.#coefficients, this.#estimates);
      },
      step: () => {
        const last = dual ? distances : directions;
        if (!projected) return last.buffer;
        const apart = this.#ofSides('steps', all.features);
        this.#expand({ ...last, stride: this.#width }, apart);
        return apart.buffer;
      },
    };
    correct(all, buffers, scale, schedule.spectrum, system, steps);
  }

  /** X p of the directions p, block by block, or in the dual X'p. */
  #images(directions: Vectors, distances: Vectors, take: Parameters<System['images']>[0]): void {
    const { steps } = this.#job;
    if (this.#shape.dual) {
      this.#dualImages(directions, distances);
      take(distances, this.#shape.features, 0);
      return;
    }
    const images = this.#labels;
    const layers = layersOf(this.#pass.sides.length, directions.stride, images.stride);
    this.#design.blocks(false, (block, firstRow) => {
      steps.product(block, directions, images, undefined, layers);
      take(images, block.rows, firstRow > 0 ? 1 : 0);
    });
  }

  /** Back from the dual: X'a. */
  #dualImages(from: Vectors, into: Vectors): void {
    const layers = layersOf(this.#pass.sides.length, from.stride, into.stride);
    this.#design.blocks(false, (block: DesignBlock) => this.#job.steps.product(block, from, into, undefined, layers));
  }

  get #labels(): Vectors {
    return this.#ofSides('labels', labelStride(this.#pass, this.#shape));
  }

  get #solutions(): Vectors {
    const { stride } = this.#shape;
    return vectors(this.#job.steps.solutions(this.#pass.sides.length, stride), 0, stride);
  }

  get #estimates(): Vectors {
    return this.#ofSides('estimates', this.#job.steps.features);
  }

  get #coefficients(): Vectors {
    return this.#ofSides('coefficients', this.#width);
  }

  /** Distances to as many models as label any side, or images of random features. */
  #distances(rounds: number): BufferName {
    const words = Math.max(rounds * this.#job.steps.features, this.#width);
    return this.#job.steps.program.buffer('distances', this.#pass.sides.length * words);
  }

  /** A vector for every side. */
  #ofSides(name: string, stride: number): Vectors {
    return vectors(this.#job.steps.program.buffer(name, this.#pass.sides.length * stride), 0, stride);
  }
}
