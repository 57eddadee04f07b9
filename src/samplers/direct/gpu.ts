import type { Command, Launcher } from '../../gpu/launcher.ts';
import { padded, product } from '../../kernels/linalg.ts';
import type { Part } from '../design.ts';
import { type DesignBlock, GramCommands, type Layers, type Vectors } from '../gram-commands.ts';
import { openGramSource } from '../gram-source.ts';
import type { TrialSource } from '../sampler.ts';
import type { Pass, Schedule } from '../schedule.ts';
import { type Corrections, conditionsOf, correctionsOf } from './conditioning.ts';
import {
  type Add,
  type CorrectedBuffers,
  type CorrectionBuffer,
  correct,
  distancesTo,
  type MatrixForecast,
  type System,
} from './correct.ts';
import { FusedPasses } from './fused.ts';
import { type Fusion, fusionOf, LARGEST_FUSED } from './fusion.ts';
import { Pools } from './pool.ts';
import { alikeSides, errorsKey, runsOf, stepsOf } from './runs.ts';
import { blockRows, labelStride, type PassShape, roundsOf, shapeOf, slotsOf, workspaceOf } from './shape.ts';
import { indexOf, type LabelSlice, slicesOf, spectraOf } from './slices.ts';

type DirectBuffer = CorrectionBuffer | 'inputs' | 'projection' | 'coefficients' | 'picks' | 'steps';
type DirectBuffers = CorrectedBuffers & Readonly<Record<DirectBuffer | 'deviations', GPUBuffer>>;

/** Labels of some rows for neighbouring sides. */
interface Labelling {
  /** The first of them. */
  readonly side: number;
  readonly slice: LabelSlice;
  readonly vectors: Vectors;
  readonly layers: Layers;
}

type Take = Parameters<System['images']>[0];

/** The model that labels of a side come from, by its slot; where a fit is corrected, its distance to the estimate. */
type Models = (side: number, slot: number) => Vectors;

/** The direct sampler on the device: everything from the random numbers to the test error stays there. */
export async function openDirectGpu(
  schedule: Schedule,
  seed: number,
  launcher: Launcher,
  capacity: number,
  corrections: Corrections = correctionsOf(schedule),
  fusion: Fusion = fusionOf(schedule, LARGEST_FUSED[launcher.gpu.adapter.software ? 'software' : 'gpu'], corrections),
): Promise<TrialSource> {
  const fused = new FusedPasses(schedule, fusion, seed, launcher);
  const spectra = spectraOf(
    schedule.spectrum,
    schedule.passes.map(({ design }) => design),
  );
  const deviations = schedule.shifts.map(({ model }) => model.deviations);
  const pools = new Pools(schedule, spectra, seed, launcher);
  try {
    const source = await openGramSource<DirectBuffer>(
      schedule,
      workspaceOf(schedule, fusion, corrections),
      launcher,
      capacity,
      (buffers) => {
        const commands = new GramCommands(schedule, seed, launcher, buffers, capacity);
        return new Recorder(schedule, commands, buffers, capacity, {
          fused,
          pools,
          corrections,
          conditions: conditionsOf(schedule),
          spectra,
        }).record();
      },
      { spectra, deviations },
    );
    const close = () => {
      source.close();
      fused.close();
      pools.close();
    };
    return { ...source, close };
  } catch (error) {
    fused.close();
    pools.close();
    throw error;
  }
}

/** What is known of a schedule before it is recorded. */
interface Prepared {
  readonly fused: FusedPasses;
  readonly pools: Pools;
  readonly corrections: Corrections;
  readonly conditions: readonly (readonly number[])[];
  readonly spectra: readonly (readonly number[])[];
}

/** Turns a schedule into the list of commands of one batch. */
class Recorder {
  readonly #schedule: Schedule;
  readonly #commands: GramCommands;
  readonly #buffers: DirectBuffers;
  readonly #capacity: number;
  readonly #prepared: Prepared;

  constructor(
    schedule: Schedule,
    commands: GramCommands,
    buffers: DirectBuffers,
    capacity: number,
    prepared: Prepared,
  ) {
    this.#schedule = schedule;
    this.#commands = commands;
    this.#buffers = buffers;
    this.#capacity = capacity;
    this.#prepared = prepared;
  }

  async record(): Promise<readonly Command[]> {
    const { fused, corrections, conditions } = this.#prepared;
    this.#commands.list.push({ kind: 'clear', buffer: this.#buffers.statuses });
    await this.#commands.truth();
    await this.#commands.shifts(this.#schedule.shifts, this.#buffers.deviations);
    for (const [index, pass] of this.#schedule.passes.entries()) {
      const command = await fused.command(index, this.#buffers, this.#capacity);
      if (command) this.#commands.list.push(command);
      else await this.#pass(pass, corrections[index]!, conditions[index]!);
    }
    return this.#commands.list;
  }

  async #pass(pass: Pass, corrections: readonly number[], conditions: readonly number[]): Promise<void> {
    const shape = shapeOf(pass, this.#schedule.dimension);
    const { labels, sides, estimates, solutions } = this.#buffers;
    const rightSides = shape.dual ? labels : sides;
    const labelling: Models = (_, slot) => this.#features(this.#buffers.models, slot);
    const { subsample } = pass.design;
    if (subsample) await this.#prepared.pools.choose(this.#commands, pass, this.#buffers.picks, this.#capacity);
    await this.#data(pass, shape, labelling, rightSides, true);
    for (const [r, ridge] of pass.ridges.entries()) {
      const penalty = ridge * pass.rows + (corrections[r]! > 0 ? this.#shift(pass, shape) : 0);
      if (!pass.factorReady) await this.#commands.factor(shape.stride, shape.order, penalty, pass.firstFactor + r);
      await this.#commands.solve(shape.stride, pass.sides.length, rightSides);
      await this.#estimates(pass, shape, solutions);
      const steps = corrections[r]!;
      if (steps > 0) await this.#correct(pass, shape, r, steps, this.#matrix(pass, shape, penalty, conditions[r]!));
      const fitted = shape.dual || shape.projected || steps > 0 ? estimates : solutions;
      if (pass.measured) await this.#commands.measure(pass, fitted, r);
      this.#commands.keep(pass, fitted, r);
    }
  }

  /** From solutions to coefficients: back from the dual, and from random features. */
  async #estimates(pass: Pass, shape: PassShape, solutions: GPUBuffer): Promise<void> {
    const { estimates, coefficients } = this.#buffers;
    if (shape.dual) await this.#dualImages(pass, shape, solutions, shape.projected ? coefficients : estimates);
    if (shape.projected) await this.#expand(pass, shape, shape.dual ? coefficients : solutions, estimates);
  }

  /** S v of vectors v of random features. */
  async #expand(pass: Pass, shape: PassShape, from: GPUBuffer, into: GPUBuffer): Promise<void> {
    const stride = padded(shape.features);
    const block = { rows: this.#schedule.dimension, stride };
    const layers = this.#sides(pass, stride, this.#commands.features);
    const vectors = this.#vectors(from, 0, stride);
    await this.#commands.product(block, vectors, this.#features(into, 0), undefined, layers, this.#buffers.projection);
  }

  /**
   * What the factor of a corrected fit has on its diagonal beyond the penalty: in the dual the rounding of XX', as the norm of
   * a matrix of random entries. It keeps pivots positive where many eigenvalues are below it, and steps of correction take
   * it out. Rounding of X'X is graded like its diagonal, and only the last pivots of all come near it.
   */
  #shift(pass: Pass, { dual, projected, features }: PassShape): number {
    if (!dual) return 0;
    const trace = this.#schedule.spectrum.reduce((sum, s) => sum + s, 0);
    const spread = projected ? features / this.#schedule.dimension : 1;
    return 4 * Math.sqrt(pass.rows) * 2 ** -24 * trace * spread;
  }

  #matrix({ design: { parts } }: Pass, shape: PassShape, penalty: number, kappa: number): MatrixForecast {
    const { order, dual, projected } = shape;
    const isOwn = projected || parts.some(({ spectrum }) => spectrum);
    const rows = parts.reduce((sum, part) => sum + part.weight * (part.samples ?? part.rows), 0);
    const trace = this.#schedule.spectrum.reduce((sum, s) => sum + s, 0);
    return { order, penalty, weight: isOwn || dual ? 0 : rows, least: isOwn || !dual ? 0 : trace, kappa };
  }

  async #correct(pass: Pass, shape: PassShape, r: number, steps: number, matrix: MatrixForecast): Promise<void> {
    const { estimates, sides, distances, residuals, directions, coefficients, steps: apart } = this.#buffers;
    const { dual, stride, projected, features } = shape;
    const ofFeatures = padded(features);
    const count = pass.sides.length;
    const slots = pass.sides.map(slotsOf);
    const system: System = {
      pass,
      factor: pass.firstFactor + r,
      matrix,
      dual,
      penalty: pass.ridges[r]! * pass.rows,
      stride,
      unknowns: dual ? sides : projected ? coefficients : estimates,
      residuals: async (add) => {
        for (let round = 0; round < roundsOf(pass); round++) {
          const models = slots.map((of) => of[round] ?? 0);
          await distancesTo(this.#commands, this.#buffers, this.#capacity, models, round * count, add);
        }
        const from: Models = (s, slot) => this.#features(distances, slots[s]!.indexOf(slot) * count + s);
        await this.#data(pass, shape, from, residuals, false);
      },
      images: (take: Take) => this.#images(pass, shape, take),
      advance: async (add: Add) => {
        const moved = this.#vectors(
          projected ? coefficients : estimates,
          0,
          projected ? ofFeatures : this.#commands.features,
        );
        if (dual) await add(moved, distances, 1, true);
        if (projected) await this.#expand(pass, shape, coefficients, estimates);
      },
      step: async () => {
        const last = dual ? distances : directions;
        if (!projected) return last;
        await this.#expand(pass, shape, last, apart);
        return apart;
      },
    };
    await correct(this.#commands, this.#buffers, this.#capacity, this.#schedule.spectrum, system, steps);
  }

  /** Right-hand sides of labels by the given models; at first the design is drawn and its Gram matrix formed. */
  #data(pass: Pass, shape: PassShape, models: Models, into: GPUBuffer, first: boolean): Promise<void> {
    if (shape.projected) return this.#projectedData(pass, shape, models, into, first);
    return shape.dual
      ? this.#dualData(pass, shape, models, into, first)
      : this.#primalData(pass, shape, models, into, first);
  }

  /** Blocks of rows in turn: draw, add to the Gram matrix, label, add to the moments X'y. */
  async #primalData(pass: Pass, shape: PassShape, models: Models, into: GPUBuffer, first: boolean) {
    await this.#blocks(pass, shape, first, async (block, firstRow) => {
      const accumulate = firstRow > 0 ? 1 : 0;
      if (first && !pass.factorReady) await this.#commands.gram(block, accumulate);
      const stride = labelStride(pass, shape);
      const y = this.#vectors(this.#buffers.labels, 0, stride);
      await this.#labelRows(pass, models, block, firstRow, y);
      const layers = this.#sides(pass, stride, shape.stride);
      await this.#commands.moments(block, y, this.#vectors(into, 0, shape.stride), accumulate, layers);
    });
  }

  /** Labels of rows `from ..` of a design, which are held; those of side 0 at `y`. */
  async #labelRows(pass: Pass, models: Models, block: DesignBlock, from: number, y: Vectors): Promise<void> {
    if (pass.design.subsample) {
      for (const s of pass.sides.keys())
        await this.#labelChosen(pass, s, models, { ...block, first: from }, this.#further(y, s));
      return;
    }
    for (const { side, slice, vectors, layers } of this.#labellings(pass, models, from, block.rows, y)) {
      const { into, rows, label, initial } = slice;
      const some = { first: into, rows, share: label.share, accumulate: initial ? 0 : 1 } as const;
      await this.#commands.product(block, vectors, this.#further(y, side, into), some, layers);
    }
    await this.#noise(pass, y, from, block.rows);
  }

  /** Who labels rows `from .. from + rows`, for as many sides at once as take equal steps from model to model. */
  #labellings(pass: Pass, models: Models, from: number, rows: number, y: Vectors): readonly Labelling[] {
    return alikeSides(pass, from, rows).flatMap(({ first, slices }) =>
      slices[0]!.flatMap((slice, l) => {
        const vectors = slices.map((of, s) => models(first + s, of[l]!.label.labels));
        return stepsOf(vectors.map(({ offset }) => offset)).map(({ start, count, step }) => ({
          side: first + start,
          slice,
          vectors: vectors[start]!,
          layers: { count, from: step, to: this.#capacity * y.stride },
        }));
      }),
    );
  }

  /** The vectors of a later side, from its number `into` on. */
  #further(y: Vectors, side: number, into = 0): Vectors {
    return { ...y, offset: y.offset + side * this.#capacity * y.stride + into };
  }

  /** Labels of side `s` for rows that are a random part of the data; in the design buffer, or transposed among the inputs. */
  async #labelChosen(
    pass: Pass,
    s: number,
    models: Models,
    { first, rows, stride }: DesignBlock & { readonly first: number },
    y: Vectors,
    design: GPUBuffer | null = null,
  ): Promise<void> {
    const { picks } = this.#buffers;
    const from = models(s, pass.sides[s]!.labels[0]!.labels).buffer;
    const apart = from === this.#buffers.models ? 0 : 1;
    const held = { transposed: design !== null, first, rows, columns: this.#schedule.dimension, stride };
    const buffers = { picks, design: design ?? this.#buffers.design, models: from };
    await this.#prepared.pools.label(this.#commands, pass, s, buffers, { ...held, apart, layers: this.#capacity }, y);
  }

  /** Every block of rows of a primal design. They are drawn at first, and again unless a single one is still there. */
  async #blocks(
    pass: Pass,
    shape: PassShape,
    first: boolean,
    use: (block: DesignBlock, firstRow: number) => Promise<void>,
  ): Promise<void> {
    const size = blockRows(shape);
    for (let firstRow = 0; firstRow < pass.rows; firstRow += size) {
      const rows = Math.min(size, pass.rows - firstRow);
      if (first || rows < pass.rows) await this.#drawRows(pass, this.#buffers.design, shape.stride, firstRow, rows);
      await use({ rows, stride: shape.stride }, firstRow);
    }
  }

  /** Fewer rows than features: the design is held transposed, its Gram matrix is XX' and the labels are the right-hand side. */
  async #dualData(pass: Pass, shape: PassShape, models: Models, into: GPUBuffer, first: boolean) {
    const { design } = this.#buffers;
    if (first) await this.#drawTransposed(pass, design, shape.stride);
    if (first && !pass.factorReady) await this.#commands.gram({ rows: shape.depth, stride: shape.stride }, 0);
    await this.#labelTransposed(pass, models, design, this.#vectors(into, 0, shape.stride));
  }

  /** The design is made of random features Z = X S, or in the dual Z'; X is held transposed and labelled itself. */
  async #projectedData(pass: Pass, shape: PassShape, models: Models, into: GPUBuffer, first: boolean) {
    const { inputs, labels } = this.#buffers;
    const block = { rows: shape.depth, stride: shape.stride };
    if (first) await this.#drawFeatures(pass, shape);
    if (first && !pass.factorReady) await this.#commands.gram(block, 0);
    const stride = labelStride(pass, shape);
    const y = this.#vectors(shape.dual ? into : labels, 0, stride);
    await this.#labelTransposed(pass, models, inputs, y);
    const layers = this.#sides(pass, stride, shape.stride);
    if (!shape.dual) await this.#commands.moments(block, y, this.#vectors(into, 0, shape.stride), 0, layers);
  }

  async #drawFeatures(pass: Pass, shape: PassShape): Promise<void> {
    const { inputs, projection, design } = this.#buffers;
    const { dimension } = this.#schedule;
    const [rows, features] = [padded(pass.rows), padded(shape.features)];
    await this.#drawTransposed(pass, inputs, rows);
    await this.#commands.draw(projection, {
      draw: pass.design.projection!.draw,
      ...{ firstRow: 0, rows: dimension, into: 0, held: dimension, columns: shape.features, stride: features },
      factor: dimension ** -0.5,
      scaleOffset: null,
      transposed: null,
    });
    const [left, right] = shape.dual ? [projection, inputs] : [inputs, projection];
    const [left4, right4] = shape.dual ? [features / 4, rows / 4] : [rows / 4, features / 4];
    await this.#commands.run(
      product,
      { left, right, product: design },
      { groups: Math.ceil((left4 * right4) / 64), work: 32 * left4 * right4 * dimension },
      { rows: dimension, left4, right4 },
    );
  }

  /** Labels of all rows of a design that is held transposed; those of side 0 at `y`. */
  async #labelTransposed(pass: Pass, models: Models, design: GPUBuffer, y: Vectors): Promise<void> {
    if (pass.design.subsample) {
      const chosen = { first: 0, rows: pass.rows, stride: y.stride };
      for (const s of pass.sides.keys()) await this.#labelChosen(pass, s, models, chosen, this.#further(y, s), design);
      return;
    }
    const block = { rows: this.#schedule.dimension, stride: y.stride };
    for (const { side, slice, vectors, layers } of this.#labellings(pass, models, 0, pass.rows, y)) {
      const { into, rows, label, initial } = slice;
      // The last label takes the padding along, whose rows are zero.
      const covered = into + rows === pass.rows ? y.stride - into : rows;
      const some = { first: into, rows: covered, share: label.share, accumulate: initial ? 0 : 1 } as const;
      await this.#commands.adjoint(block, vectors, this.#further(y, side), some, layers, design);
    }
    await this.#noise(pass, y, 0, pass.rows);
  }

  /** Label errors of rows `from .. from + rows`, weighted as the rows are; those of side 0 go to `y`. */
  async #noise(pass: Pass, y: Vectors, from: number, rows: number): Promise<void> {
    const to = this.#capacity * y.stride;
    for (const { first, slices } of alikeSides(pass, from, rows))
      for (const [l, { into, rows: labelled }] of slices[0]!.entries()) {
        const errors = slices.map((of) => of[l]!);
        for (const { start, count } of runsOf(errors.map(errorsKey)))
          for (const { part, ...slice } of slicesOf(pass.design, from + into, labelled)) {
            const { label, firstRow } = errors[start]!;
            const noise = { errors: label.errors, noise: label.share * label.noise * Math.sqrt(part.weight) };
            const at = this.#further(y, first + start, into + slice.into);
            await this.#commands.noise(noise, firstRow + slice.into, slice.rows, at, { count, from: 0, to });
          }
      }
  }

  /** X p of the directions p, block by block, or in the dual X'p. */
  async #images(pass: Pass, shape: PassShape, take: Take): Promise<void> {
    const { directions, labels, distances } = this.#buffers;
    if (shape.dual) {
      await this.#dualImages(pass, shape, directions, distances);
      const stride = shape.projected ? padded(shape.features) : this.#commands.features;
      return take(this.#vectors(distances, 0, stride), shape.features, 0);
    }
    const stride = labelStride(pass, shape);
    const use = async (block: DesignBlock, firstRow: number) => {
      const [vectors, images] = [this.#vectors(directions, 0, shape.stride), this.#vectors(labels, 0, stride)];
      await this.#commands.product(block, vectors, images, undefined, this.#sides(pass, shape.stride, stride));
      await take(this.#vectors(labels, 0, stride), block.rows, firstRow > 0 ? 1 : 0);
    };
    if (shape.projected) return use({ rows: shape.depth, stride: shape.stride }, 0);
    await this.#blocks(pass, shape, false, use);
  }

  /** Rows `from .. from + rows` of a design. */
  async #drawRows(pass: Pass, into: GPUBuffer, stride: number, from: number, rows: number): Promise<void> {
    if (pass.design.subsample) return this.#drawChosen(pass, into, { transposed: false, first: from, rows, stride });
    for (const slice of slicesOf(pass.design, from, rows)) {
      const { inputs: draw, samples } = slice.part;
      const place = { draw, into: slice.into, held: rows, stride, ...this.#scaling(slice.part) };
      if (samples) await this.#commands.triangle(into, place, samples);
      else await this.#commands.draw(into, { ...place, firstRow: slice.firstRow, rows: slice.rows, transposed: null });
    }
  }

  /** A whole design, rows along the second index. */
  async #drawTransposed(pass: Pass, into: GPUBuffer, stride: number): Promise<void> {
    const { design, rows } = pass;
    if (design.subsample) return this.#drawChosen(pass, into, { transposed: true, first: 0, rows, stride });
    for (const slice of slicesOf(design, 0, rows)) {
      const isLast = slice.into + slice.rows === rows;
      await this.#commands.draw(into, {
        draw: slice.part.inputs,
        ...{ firstRow: slice.firstRow, rows: slice.rows, into: slice.into, held: rows, stride },
        ...this.#scaling(slice.part),
        transposed: { covered: isLast ? stride - slice.into : slice.rows },
      });
    }
  }

  async #drawChosen(
    pass: Pass,
    design: GPUBuffer,
    rows: { readonly transposed: boolean; readonly first: number; readonly rows: number; readonly stride: number },
  ): Promise<void> {
    const { scale, picks } = this.#buffers;
    const held = { ...rows, columns: this.#schedule.dimension };
    await this.#prepared.pools.draw(this.#commands, pass, { scale, picks, design }, held);
  }

  #scaling(part: Part) {
    const { dimension } = this.#schedule;
    const scaleOffset = indexOf(this.#prepared.spectra, part) * dimension;
    return { columns: dimension, factor: Math.sqrt(part.weight), scaleOffset };
  }

  /** Back from the dual: X'a. */
  async #dualImages(pass: Pass, shape: PassShape, from: GPUBuffer, into: GPUBuffer): Promise<void> {
    const block = { rows: shape.depth, stride: shape.stride };
    const stride = shape.projected ? padded(shape.features) : this.#commands.features;
    const [vectors, images] = [this.#vectors(from, 0, shape.stride), this.#vectors(into, 0, stride)];
    await this.#commands.product(block, vectors, images, undefined, this.#sides(pass, shape.stride, stride));
  }

  /** All sides of a pass at once, whose vectors have these lengths. */
  #sides({ sides }: Pass, from: number, to: number): Layers {
    return { count: sides.length, from: this.#capacity * from, to: this.#capacity * to };
  }

  /** Vectors of features number `index` of all trials. */
  #features(buffer: GPUBuffer, index: number): Vectors {
    return this.#vectors(buffer, index, this.#commands.features);
  }

  /** Vectors number `index` of all trials. */
  #vectors(buffer: GPUBuffer, index: number, stride: number): Vectors {
    return { buffer, offset: index * this.#capacity * stride, stride };
  }
}
