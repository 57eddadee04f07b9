import { chosenRows, gatheredDesign, gatheredLabels } from '../../../kernels/design.ts';
import { each, TRIALS } from '../../../program/amount.ts';
import type { BufferName } from '../../../program/program.ts';
import { streamKey } from '../../address.ts';
import type { Part } from '../../design.ts';
import type { FitPass } from '../../fit-schedule.ts';
import type { DesignBlock, Layers, Vectors } from '../../gram.ts';
import { later } from '../steps.ts';
import type { DirectJob } from './job.ts';
import { alikeSides, errorsKey, runsOf, stepsOf } from './runs.ts';
import { slotsOf } from './shape.ts';
import { indexOf, type LabelSlice, slicesOf } from './slices.ts';

/** The model that labels of a side come from, by its slot; where a fit is corrected, its distance to the estimate. */
export type Models = (side: number, slot: number) => Vectors;

/** Where the rows of a pass come from, and who labels them. Transposed blocks hold all rows, along the second index. */
export interface PassRows {
  /** Comes before anything is drawn. */
  choose(): void;
  /** Rows from `from` on, as many as the block holds. */
  draw(block: DesignBlock, from: number): void;
  drawTransposed(block: DesignBlock): void;
  /** Labels of rows from `from` on, which the block holds; those of side 0 at `y`. */
  label(models: Models, block: DesignBlock, from: number, y: Vectors): void;
  labelTransposed(models: Models, block: DesignBlock, y: Vectors): void;
}

/** Labels of some rows for neighbouring sides. */
interface Labelling {
  /** The first of them. */
  readonly side: number;
  readonly slice: LabelSlice;
  readonly vectors: Vectors;
  readonly layers: Layers;
}

/** The rows of all parts, one part after the other. */
export class StackedRows implements PassRows {
  readonly #job: DirectJob;
  readonly #pass: FitPass;

  constructor(job: DirectJob, pass: FitPass) {
    this.#job = job;
    this.#pass = pass;
  }

  choose(): void {}

  draw({ buffer, rows, stride }: DesignBlock, from: number): void {
    const { steps } = this.#job;
    for (const slice of slicesOf(this.#pass.design, from, rows)) {
      const { inputs: draw, samples } = slice.part;
      const place = { draw, into: slice.into, held: rows, stride, ...this.#scaling(slice.part) };
      if (samples) steps.triangle(buffer, place, samples);
      else steps.draw(buffer, { ...place, firstRow: slice.firstRow, rows: slice.rows, transposed: null });
    }
  }

  drawTransposed({ buffer, stride }: DesignBlock): void {
    const { design, rows } = this.#pass;
    for (const slice of slicesOf(design, 0, rows)) {
      const isLast = slice.into + slice.rows === rows;
      this.#job.steps.draw(buffer, {
        draw: slice.part.inputs,
        firstRow: slice.firstRow,
        rows: slice.rows,
        into: slice.into,
        held: rows,
        stride,
        ...this.#scaling(slice.part),
        transposed: { covered: isLast ? stride - slice.into : slice.rows },
      });
    }
  }

  label(models: Models, block: DesignBlock, from: number, y: Vectors): void {
    for (const { side, slice, vectors, layers } of this.#labellings(models, from, block.rows, y)) {
      const { into, rows, label, initial } = slice;
      const some = { first: into, rows, share: label.share, accumulate: initial ? 0 : 1 } as const;
      this.#job.steps.product(block, vectors, later(y, side, into), some, layers);
    }
    this.#noise(y, from, block.rows);
  }

  labelTransposed(models: Models, { buffer, stride }: DesignBlock, y: Vectors): void {
    const { rows: total } = this.#pass;
    const block = { buffer, rows: this.#job.schedule.dimension, stride };
    for (const { side, slice, vectors, layers } of this.#labellings(models, 0, total, y)) {
      const { into, rows, label, initial } = slice;
      // The last label takes the padding along, whose rows are zero.
      const covered = into + rows === total ? y.stride - into : rows;
      const some = { first: into, rows: covered, share: label.share, accumulate: initial ? 0 : 1 } as const;
      this.#job.steps.adjoint(block, vectors, later(y, side), some, layers);
    }
    this.#noise(y, 0, total);
  }

  /** Who labels rows `from .. from + rows`, for as many sides at once as take equal steps from model to model. */
  #labellings(models: Models, from: number, rows: number, y: Vectors): readonly Labelling[] {
    return alikeSides(this.#pass, from, rows).flatMap(({ first, slices }) =>
      slices[0]!.flatMap((slice, l) => {
        const vectors = slices.map((of, s) => models(first + s, of[l]!.label.labels));
        return stepsOf(vectors.map(({ offset }) => (typeof offset === 'number' ? 0 : offset.each))).map(
          ({ start, count, step }) => ({
            side: first + start,
            slice,
            vectors: vectors[start]!,
            layers: { count, from: each(step), to: each(y.stride) },
          }),
        );
      }),
    );
  }

  /** Label errors of rows `from .. from + rows`, weighted as the rows are; those of side 0 go to `y`. */
  #noise(y: Vectors, from: number, rows: number): void {
    const { steps } = this.#job;
    for (const { first, slices } of alikeSides(this.#pass, from, rows))
      for (const [l, { into, rows: labelled }] of slices[0]!.entries()) {
        const errors = slices.map((of) => of[l]!);
        for (const { start, count } of runsOf(errors.map(errorsKey)))
          for (const { part, ...slice } of slicesOf(this.#pass.design, from + into, labelled)) {
            const { label, firstRow } = errors[start]!;
            const noise = { errors: label.errors, noise: label.share * label.noise * Math.sqrt(part.weight) };
            const at = later(y, first + start, into + slice.into);
            steps.noise(noise, firstRow + slice.into, slice.rows, at, { count, from: 0, to: each(y.stride) });
          }
      }
  }

  #scaling(part: Part) {
    const { schedule, spectra } = this.#job;
    const { dimension } = schedule;
    return {
      columns: dimension,
      factor: Math.sqrt(part.weight),
      scaleOffset: indexOf(spectra, part) * dimension,
    };
  }
}

/** A random part of the rows: which ones is drawn first, and a table says what they are and what labels them. */
export class ChosenRows implements PassRows {
  readonly #job: DirectJob;
  readonly #pass: FitPass;
  readonly #picks: BufferName;
  readonly #table: BufferName;
  /** Where the labels of each side begin in the table; parts stand at its beginning. */
  readonly #labels: readonly number[];

  constructor(job: DirectJob, pass: FitPass, index: number) {
    const { program } = job.steps;
    const words = partsOf(job, pass).flat();
    this.#job = job;
    this.#pass = pass;
    this.#labels = pass.sides.map((side, s) => {
      const start = words.length;
      words.push(...labelsOf(side, s, pass.sides.length, job.seed).flat());
      return start;
    });
    this.#picks = program.buffer('picks', pass.rows);
    this.#table = program.constant(`pool${index}`, Uint32Array.from(words));
  }

  choose(): void {
    const { parts } = this.#pass.design;
    const pool = parts.reduce((sum, { rows }) => sum + rows, 0);
    this.#job.steps.program.dispatch(
      chosenRows,
      { picks: this.#picks },
      { groups: 1, trialsPerGroup: 64, work: 10 * pool },
      { ...this.#address, pool, rows: this.#pass.rows, trials: TRIALS },
    );
  }

  draw(block: DesignBlock, from: number): void {
    this.#draw(block, from, false);
  }

  drawTransposed(block: DesignBlock): void {
    this.#draw({ ...block, rows: this.#pass.rows }, 0, true);
  }

  #draw({ buffer: design, rows, stride }: DesignBlock, first: number, TRANSPOSED: boolean): void {
    const { steps, scale, schedule } = this.#job;
    const { dimension: columns } = schedule;
    const items = TRANSPOSED ? stride * Math.ceil(columns / 4) : (rows * stride) / 4;
    steps.program.dispatch(
      gatheredDesign,
      { scale, picks: this.#picks, table: this.#table, design },
      { groups: Math.ceil(items / 64), normals: 4 * items, constants: { TRANSPOSED } },
      {
        ...this.#address,
        first,
        rows,
        chosen: this.#pass.rows,
        columns,
        stride,
        parts: 0,
        part_count: this.#pass.design.parts.length,
      },
    );
  }

  label(models: Models, block: DesignBlock, from: number, y: Vectors): void {
    for (const s of this.#pass.sides.keys()) this.#label(models, s, block, from, later(y, s), false);
  }

  labelTransposed(models: Models, { buffer }: DesignBlock, y: Vectors): void {
    const block = { buffer, rows: this.#pass.rows, stride: y.stride };
    for (const s of this.#pass.sides.keys()) this.#label(models, s, block, 0, later(y, s), true);
  }

  #label(models: Models, s: number, block: DesignBlock, first: number, y: Vectors, TRANSPOSED: boolean): void {
    const { steps, schedule } = this.#job;
    const { dimension: columns } = schedule;
    const { buffer: design, rows, stride } = block;
    const { labels } = this.#pass.sides[s]!;
    const from = models(s, labels[0]!.labels).buffer;
    const covered = TRANSPOSED ? y.stride : rows;
    steps.program.dispatch(
      gatheredLabels,
      { picks: this.#picks, table: this.#table, design, models: from, labels: y.buffer },
      { groups: Math.ceil(covered / 64), flops: 2 * rows * columns, constants: { TRANSPOSED } },
      {
        ...this.#address,
        first,
        rows,
        chosen: this.#pass.rows,
        columns,
        stride,
        covered,
        apart: from === steps.models ? 0 : 1,
        layers: TRIALS,
        labels: this.#labels[s]!,
        label_count: labels.length,
        features: steps.features,
        offset: y.offset,
        label_stride: y.stride,
      },
    );
  }

  get #address() {
    return this.#job.steps.address(this.#pass.design.subsample!.draw);
  }
}

function partsOf({ seed, spectra, schedule }: DirectJob, { design }: FitPass): number[][] {
  let start = 0;
  return design.parts.map((part) => {
    const [, , unit, generation] = streamKey(seed, part.inputs);
    const entry = [start, unit, generation, part.first, indexOf(spectra, part) * schedule.dimension];
    start += part.rows;
    return entry;
  });
}

function labelsOf(side: FitPass['sides'][number], s: number, sides: number, seed: number): number[][] {
  const slots = slotsOf(side);
  return side.labels.map(({ row, rows, labels, noise, errors, first }) => {
    const [, , unit, generation] = streamKey(seed, errors);
    const distance = slots.indexOf(labels) * sides + s;
    return [row, rows, labels, distance, wordOf(noise), unit, generation, first];
  });
}

/** The bits of an f32. */
const wordOf = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0]!;
