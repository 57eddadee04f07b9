import * as kernels from '../../../kernels/krylov.ts';
import type { RowSource } from '../../../kernels/tiles.ts';
import { type Target, TUNINGS } from '../../../kernels/tuning.ts';
import { each, TRIALS } from '../../../program/amount.ts';
import { type BufferName, Program } from '../../../program/program.ts';
import { TrialStatus } from '../../../program/trials.ts';
import type { Draw } from '../../../regimes/recipe.ts';
import { launchAddress } from '../../address.ts';
import { factoredForm } from '../../results.ts';
import type { ChainPass, ChainRightHandSide, ChainSchedule } from '../chain-schedule.ts';
import { drawTruth } from '../truth.ts';
import { deviationDraw } from './address.ts';
import { stepsOf, TOLERANCE } from './convergence.ts';
import * as shape from './shape.ts';

/** One workgroup per trial and ridge; on a processor one subgroup where that is possible (`lanesOf`). */
export function krylovProgram(schedule: ChainSchedule, seed: number, target: Target): Program {
  return new KrylovSteps(schedule, seed, target).all();
}

class KrylovSteps {
  readonly #schedule: ChainSchedule;
  readonly #seed: number;
  readonly #program: Program;
  readonly #systems: 2 | 3;
  /** Directions that buffers have room for. */
  readonly #capacity: number;
  /** How lanes share what all of them multiply by. */
  readonly #shared: RowSource;
  /** Padded dimension. */
  readonly #stride: number;
  /** Where the lanes of one subgroup solve. */
  readonly #lanes: ReturnType<typeof shape.lanesOf>;
  readonly #buffers;

  constructor(schedule: ChainSchedule, seed: number, target: Target) {
    const { dimension, spectrum, cells } = schedule;
    const program = new Program({
      ...factoredForm(cells, TrialStatus.notConverged),
      subject: `One trial at dimension ${dimension}`,
      changesFor: () => ['a smaller dimension, a larger ridge, or more samples'],
    });
    const stride = shape.strideOf(dimension);
    const capacity = shape.capacityOf(schedule);
    const constant = (name: string, values: readonly number[]) => {
      const row = new Float32Array(stride);
      row.set(values);
      return program.constant(name, row);
    };
    this.#schedule = schedule;
    this.#seed = seed;
    this.#program = program;
    this.#systems = shape.systemsOf(schedule);
    this.#capacity = capacity;
    this.#shared = TUNINGS[target.tuning].rows;
    this.#stride = stride;
    this.#lanes = shape.lanesOf(target, dimension);
    const pitch = this.#lanes ? 4 * this.#lanes.LANES * this.#lanes.BLOCKS : stride;
    this.#buffers = {
      scale: constant('scale', spectrum.map(Math.sqrt)),
      inverses: constant(
        'inverses',
        spectrum.map((s) => 1 / s),
      ),
      models: program.buffer('models', stride),
      vectors: program.buffer('vectors', kernels.ARRAYS * stride),
      lengths: program.buffer('lengths', 1),
      variances: program.buffer('variances', schedule.modelSlots),
      rows: program.buffer('rows', capacity * (stride + 4)),
      basis: program.buffer('basis', capacity * pitch),
      images: program.buffer('images', capacity * pitch),
      upper: program.buffer('upper', shape.triangleWords(capacity, this.#systems, this.#lanes !== null)),
      statuses: program.buffer('statuses', schedule.factors),
      errors: program.buffer('errors', schedule.errors),
    };
  }

  all(): Program {
    const { statuses, variances, models } = this.#buffers;
    const program = this.#program;
    program.clear(statuses);
    program.clear(variances);
    drawTruth(program, this.#schedule, this.#seed, models, this.#stride);
    this.#deviation();
    for (const pass of this.#schedule.passes) {
      for (const { slot, side } of pass.outputs) if (slot !== null) this.#step(pass, pass.sides[side]!, { slot });
      if (shape.hasRidge(pass)) this.#ridge(pass);
      if (pass.measured && pass.ridges.includes(0)) this.#leastSquares(pass, pass.ridges.indexOf(0));
    }
    return program;
  }

  #deviation(): void {
    const { scale, models, vectors, lengths } = this.#buffers;
    const { dimension: columns } = this.#schedule;
    const launch = { ...this.#address(deviationDraw(columns)), columns, stride: this.#stride, arrays: kernels.ARRAYS };
    const grid = { groups: 1, normals: columns };
    this.#program.dispatch(kernels.krylovDeviation, { scale, models, vectors, lengths }, grid, launch);
  }

  /** A step of the chain, and where it leaves its results. */
  #step(
    pass: ChainPass,
    { labels, noise }: ChainRightHandSide,
    target: Partial<Record<'slot' | 'error', number>>,
  ): void {
    const { lengths, variances, errors } = this.#buffers;
    this.#program.dispatch(
      kernels.krylovChain,
      { lengths, variances, errors },
      { groups: 1, normals: 2, trialsPerGroup: 64 },
      {
        ...this.#address(pass.inputs),
        trials: TRIALS,
        samples: pass.rows,
        columns: this.#schedule.dimension,
        labels,
        noise,
        slot: target.slot ?? kernels.NONE,
        error_offset: target.error === undefined ? kernels.NONE : each(target.error),
      },
    );
  }

  #ridge(pass: ChainPass): void {
    this.#rows(pass);
    const responses = this.#program.buffer('responses', kernels.RESPONSES * pass.ridges.length);
    for (const [r, ridge] of pass.ridges.entries()) if (ridge > 0) this.#solve(pass, ridge, r, responses);
    if (pass.measured) this.#measure(pass, responses);
  }

  /** After the ridges, whose test errors are worked out for all at once. */
  #leastSquares(pass: ChainPass, r: number): void {
    for (const [s, side] of pass.sides.entries()) this.#step(pass, side, { error: errorAt(pass, r, s) });
  }

  #rows(pass: ChainPass): void {
    const { rows } = this.#buffers;
    const { dimension } = this.#schedule;
    const directions = shape.directionsOfPass(this.#schedule, pass, this.#systems);
    const columns4 = this.#stride / 4;
    this.#program.dispatch(
      kernels.krylovRows,
      { rows },
      { groups: Math.ceil((directions * (columns4 + 1)) / 64), normals: directions * (dimension + 2) },
      {
        ...this.#address(pass.inputs),
        samples: pass.rows,
        columns: dimension,
        columns4,
        directions,
        capacity: this.#capacity,
      },
    );
  }

  #solve(pass: ChainPass, ridge: number, r: number, responses: BufferName): void {
    const { inverses, vectors, rows, basis, images, upper, statuses } = this.#buffers;
    const { spectrum, dimension } = this.#schedule;
    const buffers = { inverses, vectors, rows, basis, images, upper, responses, statuses };
    const grid = {
      groups: 1,
      trialsPerGroup: 1,
      flops: shape.solveFlops(Math.min(dimension, this.#systems * stepsOf(spectrum, pass.rows, ridge)), dimension),
    };
    const launch = {
      trials: TRIALS,
      systems: this.#systems,
      columns4: this.#stride / 4,
      capacity: this.#capacity,
      directions: shape.directionsOf(spectrum, pass.rows, ridge, this.#systems),
      status_offset: each(pass.firstFactor + r),
      response_offset: each(kernels.RESPONSES * r),
      weight: pass.rows,
      penalty: pass.rows * ridge,
      tolerance: TOLERANCE,
    };
    const SYSTEMS = this.#systems;
    if (this.#lanes) {
      this.#program.dispatch(kernels.krylovLanes, buffers, { ...grid, constants: { SYSTEMS, ...this.#lanes } }, launch);
      return;
    }
    const constants = { SYSTEMS, ...shape.workgroupOf(this.#shared, dimension, this.#capacity) };
    this.#program.dispatch(kernels.krylovSolve[this.#shared], buffers, { ...grid, constants }, launch);
  }

  #measure(pass: ChainPass, responses: BufferName): void {
    const { variances, errors } = this.#buffers;
    const items = pass.ridges.length;
    for (const [s, { labels, noise }] of pass.sides.entries())
      this.#program.dispatch(
        kernels.krylovMeasure,
        { responses, variances, errors },
        { groups: items, flops: 15 * items, trialsPerGroup: 64 },
        {
          items,
          trials: TRIALS,
          labels,
          noise,
          error_offset: each(errorAt(pass, 0, s)),
          error_step: each(pass.sides.length),
        },
      );
  }

  #address(draw: Draw) {
    return launchAddress(this.#seed, draw);
  }
}

const errorAt = ({ firstError, sides }: ChainPass, ridge: number, side: number) =>
  firstError + ridge * sides.length + side;
