import * as kernels from '../../../kernels/bidiagonal.ts';
import { CHI_NORMALS } from '../../../kernels/random.ts';
import { TRIALS } from '../../../program/amount.ts';
import { type BufferName, NORMAL_WORK, Program } from '../../../program/program.ts';
import type { Draw } from '../../../regimes/recipe.ts';
import { launchAddress, truthDraw } from '../../address.ts';
import { errorsForm } from '../../results.ts';
import type { ChainPass, ChainSchedule } from '../chain-schedule.ts';
import { penaltyOf, truthSize } from './scaling.ts';

/** Operations per row of the bidiagonal form and penalty, divisions as four (counted from the shader). */
export const ROW_FLOPS = 38;

/** Operations of one step from model to model. */
const STEP_FLOPS = 60;

/** Normals' worth of random numbers of a least-squares fit or a direction. */
const SCALAR_WORK = 8 * NORMAL_WORK;

/** One item a trial, a lane for each. */
const ONE = { groups: 1, trialsPerGroup: kernels.TRIALS_PER_GROUP };

/** One lane per trial. Per design its numbers, its responses, then the steps. */
export function bidiagonalProgram(schedule: ChainSchedule, seed: number): Program {
  return new BidiagonalSteps(schedule, seed).all();
}

const hasRidge = (pass: ChainPass): boolean => pass.ridges.some((ridge) => ridge > 0);

/** Penalties an invocation of the ridge kernel takes at once: four where there are enough of them. */
const widthOf = (pass: ChainPass): 1 | 4 => (pass.ridges.length > 2 && hasRidge(pass) ? 4 : 1);

/** Penalties, padded to whole invocations. */
const paddedRidges = (pass: ChainPass): number => Math.ceil(pass.ridges.length / widthOf(pass)) * widthOf(pass);

class BidiagonalSteps {
  readonly #schedule: ChainSchedule;
  readonly #seed: number;
  readonly #program: Program;
  readonly #buffers: Readonly<Record<'norms' | 'deviations' | 'directions' | 'errors', BufferName>>;

  constructor(schedule: ChainSchedule, seed: number) {
    this.#schedule = schedule;
    this.#seed = seed;
    const program = new Program({
      ...errorsForm(schedule.cells),
      subject: `One trial at dimension ${schedule.dimension}`,
      changesFor: (_, words) => [
        `min(dimension, samples) of ${Math.floor(words / 3)} or less, and fewer cells that share data`,
      ],
    });
    this.#program = program;
    this.#buffers = {
      norms: program.buffer('norms', 1),
      deviations: program.buffer('deviations', 3 * schedule.modelSlots),
      directions: program.buffer('directions', 2),
      errors: program.buffer('errors', schedule.errors),
    };
  }

  all(): Program {
    this.#truth();
    for (const [p, pass] of this.#schedule.passes.entries()) {
      const responses = this.#program.buffer('responses', 6 * paddedRidges(pass));
      this.#direction(pass);
      if (hasRidge(pass)) this.#ridge(pass, p, responses);
      if (pass.ridges.includes(0)) this.#ridgeless(pass, responses);
      this.#steps(pass, responses);
    }
    return this.#program;
  }

  /** Slot 0 is the truth, which does not deviate from itself: buffers are created as zeros. */
  #truth(): void {
    const { norms } = this.#buffers;
    const { truth, dimension: columns } = this.#schedule;
    const size = truthSize(this.#schedule);
    if (truth.kind !== 'gaussian') {
      this.#program.startingWith('norms', 1, Float32Array.of(size));
      return;
    }
    const launch = { ...this.#address(truthDraw(columns)), trials: TRIALS, columns, size };
    this.#program.dispatch(kernels.truthNorm, { norms }, { ...ONE, normals: 1, work: SCALAR_WORK }, launch);
  }

  #direction(pass: ChainPass): void {
    const { directions } = this.#buffers;
    const launch = { ...this.#address(pass.inputs), trials: TRIALS, columns: this.#schedule.dimension };
    this.#program.dispatch(kernels.haarDirection, { directions }, { ...ONE, normals: 2, work: SCALAR_WORK }, launch);
  }

  #ridge(pass: ChainPass, number: number, responses: BufferName): void {
    const { dimension: columns } = this.#schedule;
    const order = Math.min(pass.rows, columns);
    const size = { trials: TRIALS, samples: pass.rows, columns };
    const rows = this.#program.buffer('rows', 3 * order);
    const blocks = Math.ceil(order / 4);
    this.#program.dispatch(
      kernels.bidiagonalRows,
      { rows },
      { ...ONE, groups: blocks, normals: 3 * order, work: (1 + 2 * CHI_NORMALS) * order * NORMAL_WORK },
      { ...this.#address(pass.inputs), ...size, items: blocks },
    );
    const padded = paddedRidges(pass);
    const values = new Float32Array(padded).fill(1);
    values.set(pass.ridges.map((ridge) => penaltyOf(this.#schedule, pass, ridge)));
    const penalties = this.#program.constant(`penalties${number}`, values);
    const items = padded / widthOf(pass);
    const buffers = { rows, penalties, responses };
    const grid = { ...ONE, groups: items, flops: ROW_FLOPS * order * padded };
    if (widthOf(pass) === 4) this.#program.dispatch(kernels.ridgeResponse4, buffers, grid, { ...size, items });
    else this.#program.dispatch(kernels.ridgeResponse, buffers, grid, { ...size, items });
  }

  #ridgeless(pass: ChainPass, responses: BufferName): void {
    this.#program.dispatch(
      kernels.ridgelessResponse,
      { responses },
      { ...ONE, normals: 5, work: SCALAR_WORK },
      {
        ...this.#address(pass.inputs),
        trials: TRIALS,
        samples: pass.rows,
        columns: this.#schedule.dimension,
        ridge: pass.ridges.indexOf(0),
        width: widthOf(pass),
      },
    );
  }

  #steps(pass: ChainPass, responses: BufferName): void {
    for (const { slot, side, ridge } of pass.outputs)
      if (slot !== null) this.#step(pass, side, responses, 1, { first_ridge: ridge, slot });
    if (pass.measured)
      for (const side of pass.sides.keys())
        this.#step(pass, side, responses, pass.ridges.length, {
          error_offset: pass.firstError + side,
          error_step: pass.sides.length,
        });
  }

  /** What a fit does with a model, for `items` ridges. */
  #step(
    pass: ChainPass,
    side: number,
    responses: BufferName,
    items: number,
    to: Partial<Record<'first_ridge' | 'slot' | 'error_offset' | 'error_step', number>>,
  ): void {
    const { labels, noise } = pass.sides[side]!;
    this.#program.dispatch(
      kernels.deviationStep,
      { ...this.#buffers, responses },
      { ...ONE, groups: items, flops: STEP_FLOPS * items },
      {
        items,
        trials: TRIALS,
        width: widthOf(pass),
        labels,
        noise,
        first_ridge: 0,
        slot: kernels.NONE,
        error_offset: kernels.NONE,
        error_step: 0,
        ...to,
      },
    );
  }

  #address(draw: Draw) {
    return launchAddress(this.#seed, draw);
  }
}
