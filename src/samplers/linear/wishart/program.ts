import { PANEL } from '../../../kernels/tiles.ts';
import type { Target } from '../../../kernels/tuning.ts';
import { leastSquares } from '../../../kernels/wishart.ts';
import { times } from '../../../program/amount.ts';
import { NORMAL_WORK, Program } from '../../../program/program.ts';
import { type DesignBlock, type Vectors, vectors } from '../../gram.ts';
import { factoredForm } from '../../results.ts';
import type { ChainPass, ChainSchedule } from '../chain-schedule.ts';
import { type Corrections, conditionsOf } from '../direct/conditioning.ts';
import { type CorrectedBuffers, correct, distancesTo, type System } from '../direct/correct.ts';
import { LinearSteps, later } from '../steps.ts';
import { hasRidge, wishartCorrections } from './corrections.ts';

/** As `direct`, on the triangular factor R of each design. */
export function wishartProgram(
  schedule: ChainSchedule,
  seed: number,
  target: Target,
  corrections: Corrections = wishartCorrections(schedule),
): Program {
  const program = new Program({
    ...factoredForm(schedule.cells),
    subject: `One trial at dimension ${schedule.dimension}`,
    changesFor: (_, words) => [`dimension ${Math.floor(Math.sqrt(words) / PANEL) * PANEL} or less`],
  });
  const scale = program.constant('scale', Float32Array.from(schedule.spectrum, Math.sqrt));
  const steps = new LinearSteps(program, { layout: schedule, seed, target, scale });
  const conditions = conditionsOf(schedule);
  program.clear(steps.statuses);
  steps.truth();
  for (const [index, pass] of schedule.passes.entries())
    new WishartPass(steps, schedule, pass, scale).all(corrections[index]!, conditions[index]!);
  return program;
}

class WishartPass {
  readonly #steps: LinearSteps;
  readonly #schedule: ChainSchedule;
  readonly #pass: ChainPass;
  readonly #scale;
  /** Padded dimension: row length of every vector and matrix. */
  readonly #stride: number;

  constructor(steps: LinearSteps, schedule: ChainSchedule, pass: ChainPass, scale: DesignBlock['buffer']) {
    this.#steps = steps;
    this.#schedule = schedule;
    this.#pass = pass;
    this.#scale = scale;
    this.#stride = steps.features;
  }

  /** `conditions`: condition numbers to expect, by ridge. */
  all(corrections: readonly number[], conditions: readonly number[]): void {
    const { ridges, rows, sides, firstFactor, measured } = this.#pass;
    if (hasRidge(this.#pass)) this.#data(this.#vectors('sides'));
    for (const [r, ridge] of ridges.entries()) {
      const steps = corrections[r]!;
      const fitted = this.#vectors(steps > 0 ? 'estimates' : 'solutions').buffer;
      if (ridge === 0) for (const s of sides.keys()) this.#leastSquares(s);
      else {
        this.#steps.factor(this.#stride, this.#schedule.dimension, ridge * rows, firstFactor + r);
        this.#steps.solve(this.#stride, this.#schedule.dimension, sides.length, this.#vectors('sides').buffer);
        if (steps > 0) this.#correct(r, steps, conditions[r]!);
      }
      if (measured) this.#steps.measure(this.#pass, fitted, r);
      this.#steps.keep(this.#pass, fitted, r);
    }
  }

  /** Draws R, and from it the Gram matrix R'R and the moments. */
  #data(right: Vectors): void {
    const { dimension } = this.#schedule;
    const { inputs, rows, sides } = this.#pass;
    const place = { into: 0, held: dimension, columns: dimension, stride: this.#stride, factor: 1, scaleOffset: 0 };
    this.#steps.triangle(this.#design.buffer, { draw: inputs, ...place }, rows);
    this.#steps.gram(this.#design, 0, true);
    this.#moments(
      sides.map(({ labels }) => this.#model(labels)),
      right,
    );
  }

  /** R'(R w + noise z) for the models w, z being Q' g. */
  #moments(models: readonly Vectors[], into: Vectors): void {
    const labels = this.#vectors('labels');
    for (const [s, side] of this.#pass.sides.entries()) {
      const y = later(labels, s);
      this.#steps.product(this.#design, models[s]!, y);
      this.#steps.noise(side, 0, this.#schedule.dimension, y);
      this.#steps.moments(this.#design, y, later(into, s), 0);
    }
  }

  /** As in `direct`, with R in place of the design. */
  #correct(r: number, steps: number, kappa: number): void {
    const { dimension, spectrum } = this.#schedule;
    const { sides, ridges, rows, firstFactor } = this.#pass;
    const [estimates, distances, residuals, directions] = (
      ['estimates', 'distances', 'residuals', 'directions'] as const
    ).map((name) => this.#vectors(name)) as [Vectors, Vectors, Vectors, Vectors];
    const buffers: CorrectedBuffers = {
      estimates: estimates.buffer,
      distances: distances.buffer,
      residuals: residuals.buffer,
      directions: directions.buffer,
    };
    const labels = this.#vectors('labels');
    const penalty = ridges[r]! * rows;
    const system: System = {
      pass: this.#pass,
      factor: firstFactor + r,
      matrix: { order: dimension, penalty, weight: rows, least: 0, kappa },
      dual: false,
      penalty,
      stride: this.#stride,
      unknowns: estimates.buffer,
      residuals: (add) => {
        const slots = sides.map((side) => side.labels);
        distancesTo(this.#steps, buffers, slots, 0, add);
        this.#moments(
          sides.map((_, s) => later(distances, s)),
          residuals,
        );
      },
      images: (take) => {
        for (const s of sides.keys()) this.#steps.product(this.#design, later(directions, s), later(labels, s));
        take(labels, dimension, 0);
      },
      advance: () => {},
      step: () => directions.buffer,
    };
    correct(this.#steps, buffers, this.#scale, spectrum, system, steps);
  }

  #leastSquares(s: number): void {
    const { labels, noise } = this.#pass.sides[s]!;
    const stride4 = this.#stride / 4;
    const { buffer: models, offset: model } = this.#model(labels);
    const { buffer: estimates, offset: estimate } = later(this.#vectors('solutions'), s);
    this.#steps.program.dispatch(
      leastSquares,
      { scale: this.#scale, models, estimates },
      { groups: Math.ceil(stride4 / 64), normals: this.#schedule.dimension + 1, work: 2 * this.#stride * NORMAL_WORK },
      {
        ...this.#steps.address(this.#pass.inputs),
        samples: this.#pass.rows,
        columns: this.#schedule.dimension,
        stride4,
        model_offset4: times(model, 1 / 4),
        estimate_offset4: times(estimate, 1 / 4),
        noise,
      },
    );
  }

  get #design(): DesignBlock {
    const { dimension } = this.#schedule;
    return {
      buffer: this.#steps.program.buffer('design', dimension * this.#stride),
      rows: dimension,
      stride: this.#stride,
    };
  }

  #model(slot: number): Vectors {
    return vectors(this.#steps.models, slot, this.#stride);
  }

  /** One vector for every side. */
  #vectors(name: string): Vectors {
    return vectors(this.#steps.program.buffer(name, this.#pass.sides.length * this.#stride), 0, this.#stride);
  }
}
