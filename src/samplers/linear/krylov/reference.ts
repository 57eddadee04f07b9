import type { TrialSource } from '../../../program/trials.ts';
import { chiPairAt } from '../../../reference/chi.ts';
import { addScaled, dot } from '../../../reference/linalg.ts';
import { normalRow, Purpose, type StreamKey } from '../../../reference/normal.ts';
import { streamKey } from '../../address.ts';
import { sequentialSource } from '../../batch.ts';
import type { ChainPass, ChainSchedule } from '../chain-schedule.ts';
import { drawTruth } from '../draws.ts';
import { deviationDraw, FIRST, LEAST_SQUARES } from './address.ts';
import { systemsOf } from './shape.ts';

/** The Krylov sampler in plain f64 loops: the same integers, each row of what is known of X written out. */
export function openKrylovReference(schedule: ChainSchedule, seed: number): TrialSource {
  return sequentialSource(schedule.cells, (trial) => runTrial(schedule, seed, trial));
}

function runTrial(schedule: ChainSchedule, seed: number, trial: number) {
  const { dimension, spectrum } = schedule;
  const truth = drawTruth(schedule, seed, trial).map((w, j) => w / Math.sqrt(spectrum[j]!));
  const deviation = new Float64Array(dimension);
  normalRow(streamKey(seed, deviationDraw(dimension)), trial, 0, Purpose.reduced, deviation);
  const variances: number[] = [0];
  const errors = new Float64Array(schedule.errors);
  const broken = new Set<number>();
  for (const pass of schedule.passes) {
    const key = streamKey(seed, pass.inputs);
    pass.ridges.forEach((ridge, r) => {
      const solved = ridge > 0 ? solve(schedule, pass, ridge, truth, deviation, key, trial) : null;
      if (solved && !solved.finished) broken.add(pass.firstFactor + r);
      const responses = solved?.responses;
      pass.sides.forEach(({ labels, noise }, s) => {
        const a = Math.sign(variances[labels]!) * Math.sqrt(Math.abs(variances[labels]!));
        const error = responses
          ? deviation.map((_, j) => responses[0]![j]! + noise * responses[1]![j]! + a * (responses[2]?.[j] ?? 0))
          : deviation.map(
              (h) => h * Math.sqrt(Math.abs(grown(variances[labels]!, noise, pass, dimension, key, trial))),
            );
        if (pass.measured) errors[pass.firstError + r * pass.sides.length + s] = dot(error, error);
      });
    });
    for (const { side, slot } of pass.outputs) {
      if (slot === null) continue;
      const { labels, noise } = pass.sides[side]!;
      variances[slot] = grown(variances[labels]!, noise, pass, dimension, key, trial);
    }
  }
  return { errors, broken };
}

/**
 * Variance of the whitened deviation after a least-squares fit: multivariate t vectors add up to a Gaussian given their chis.
 * Below 0 where the deviation is turned round, with the noise.
 */
function grown(
  variance: number,
  noise: number,
  pass: ChainPass,
  dimension: number,
  key: StreamKey,
  trial: number,
): number {
  const [chi] = chiPairAt(key, trial, LEAST_SQUARES, [pass.rows - dimension + 1, 0]);
  const sum = Math.abs(variance) + (noise / chi) ** 2;
  return noise < 0 ? -sum : sum;
}

/**
 * The whitened errors due to truth, label noise and deviation: conjugate gradients on all systems side by side. Step by step they ask
 * for the same new directions as the device's block Arnoldi, signs included, since both spaces grow by `P^-1 (P - A) v`.
 */
function solve(
  schedule: ChainSchedule,
  pass: ChainPass,
  ridge: number,
  truth: Float64Array,
  deviation: Float64Array,
  key: StreamKey,
  trial: number,
): { readonly responses: readonly Float64Array[]; readonly finished: boolean } {
  const penalty = pass.rows * ridge;
  const penalties = Float64Array.from(schedule.spectrum, (s) => penalty / s);
  const design = new RevealedDesign(pass.rows, schedule.dimension, key, trial);
  const sources = [truth.map((w) => -penalty * w), design.labelNoise, deviation.map((h, j) => penalties[j]! * h)];
  const systems = sources
    .slice(0, systemsOf(schedule))
    .map((source) => new ConjugateGradients(source, penalties, pass.rows));
  for (let step = 0; step < 20 * schedule.dimension && systems.some((system) => !system.finished); step++)
    for (const system of systems) system.step((p) => design.gramTimes(p));
  return {
    responses: systems.map(({ x }, k) => (k < 2 ? x : deviation.map((h, j) => h - x[j]!))),
    finished: systems.every(({ finished }) => finished),
  };
}

/**
 * A standard normal design of which only products with chosen vectors are drawn: the rows `u_l'X` for orthonormal u_l, as
 * far as they are known, and the orthonormal v_i with which they were multiplied (see shaders/samplers/krylov-reveal.wgsl).
 */
class RevealedDesign {
  /** X'z for standard normal label errors z. */
  readonly labelNoise: Float64Array;
  readonly #samples: number;
  readonly #key: StreamKey;
  readonly #trial: number;
  readonly #rows: Float64Array[] = [];
  readonly #directions: Float64Array[] = [];

  constructor(samples: number, dimension: number, key: StreamKey, trial: number) {
    this.#samples = samples;
    this.#key = key;
    this.#trial = trial;
    this.#rows.push(this.#normals(0, dimension));
    this.labelNoise = this.#rows[0]!.map((g) => g * this.#chi(0));
  }

  /** X'X p. */
  gramTimes(p: Float64Array): Float64Array {
    this.#reveal(p);
    const image = new Float64Array(p.length);
    for (const row of this.#rows) addScaled(image, dot(row, p), row);
    return image;
  }

  /** Draws X along the part of p that is new, and X' along the direction in which that takes it. */
  #reveal(p: Float64Array): void {
    const direction = p.slice();
    for (let pass = 0; pass < 2; pass++) for (const v of this.#directions) addScaled(direction, -dot(v, direction), v);
    const length = Math.sqrt(dot(direction, direction));
    const isNew = length > 1e-10 * Math.sqrt(dot(p, p));
    direction.forEach((x, j) => {
      direction[j] = isNew ? x / length : 0;
    });
    this.#directions.push(direction);
    const index = this.#rows.length;
    const row = this.#normals(index, p.length);
    for (const v of this.#directions) addScaled(row, -dot(v, row), v);
    addScaled(row, this.#chi(index), direction);
    this.#rows.push(row);
  }

  /** Beyond the samples there are no further rows. */
  #normals(index: number, dimension: number): Float64Array {
    const row = new Float64Array(dimension);
    if (index < this.#samples) normalRow(this.#key, this.#trial, FIRST + index, Purpose.reduced, row);
    return row;
  }

  #chi(index: number): number {
    return chiPairAt(this.#key, this.#trial, FIRST + index, [Math.max(0, this.#samples - index), 0])[0];
  }
}

/** (X'X + penalties) x = source, preconditioned by its mean. */
class ConjugateGradients {
  readonly x: Float64Array;
  readonly #residual: Float64Array;
  readonly #penalties: Float64Array;
  readonly #samples: number;
  readonly #target: number;
  #direction: Float64Array;
  #energy: number;

  constructor(source: Float64Array, penalties: Float64Array, samples: number) {
    this.#penalties = penalties;
    this.#samples = samples;
    this.x = new Float64Array(source.length);
    this.#residual = source.slice();
    this.#direction = this.#preconditioned();
    this.#energy = dot(this.#residual, this.#direction);
    this.#target = 1e-24 * this.#energy;
  }

  get finished(): boolean {
    return this.#energy <= this.#target;
  }

  step(gramTimes: (p: Float64Array) => Float64Array): void {
    const p = this.#direction;
    const image = gramTimes(p);
    if (this.finished) return;
    p.forEach((x, j) => {
      image[j]! += this.#penalties[j]! * x;
    });
    const length = this.#energy / dot(p, image);
    addScaled(this.x, length, p);
    addScaled(this.#residual, -length, image);
    const y = this.#preconditioned();
    const energy = dot(this.#residual, y);
    addScaled(y, energy / this.#energy, p);
    this.#energy = energy;
    this.#direction = this.finished ? new Float64Array(p.length) : y;
  }

  #preconditioned(): Float64Array {
    return this.#residual.map((r, j) => r / (this.#samples + this.#penalties[j]!));
  }
}
