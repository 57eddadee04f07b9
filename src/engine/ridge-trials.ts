import { powerOfTen } from '../experiment/spacing.ts';
import { TrialStatus } from '../program/trials.ts';
import { type PairedMinimum, pairedDifference, pairedMinimum } from '../statistics/paired-minimum.ts';

/** The errors of every trial of one setting at some ridges; trial t is the same at all of them. */
export class RidgeTrials {
  /** Steps of a decade of the lattice on which the best ridge is looked for. */
  readonly #steps: number;
  readonly #seed: number;
  readonly #columns = new Map<number, Column>();

  constructor(steps: number, seed: number) {
    this.#steps = steps;
    this.#seed = seed;
  }

  /** Points of the lattice, `count` to either side of the one next to this ridge; ascending. */
  about(ridge: number, count: number): readonly number[] {
    const middle = Math.round(this.#steps * Math.log10(ridge));
    return Array.from({ length: 2 * count + 1 }, (_, i) => powerOfTen((middle - count + i) / this.#steps));
  }

  add(ridge: number, column: Column): void {
    this.#columns.set(ridge, column);
  }

  /**
   * The ridge of least mean between these, which are neighbours on the lattice, or 0 where the mean still falls at their lower
   * end and was drawn at 0. Counts trials that ended well at all of them; null for fewer than two such trials.
   */
  best(lattice: readonly number[]): BestRidge | null {
    const columns = lattice.map((ridge) => this.#columns.get(ridge)!);
    const drawn = columns[0]!.errors.length;
    const good = Array.from({ length: drawn }, (_, t) => t).filter((t) => columns.every((column) => isOk(column, t)));
    if (good.length < 2) return null;
    const errors = columns.map((column) => Float64Array.from(good, (t) => column.errors[t]!));
    const { x, interval, ...rest } = pairedMinimum({ xs: lattice.map(Math.log), errors }, this.#seed);
    const ends = { low: Math.exp(interval.low), high: Math.exp(interval.high) };
    const found = {
      ...rest,
      ridge: Math.exp(x),
      interval: ends,
      trials: good,
      failed: drawn - good.length,
    };
    return (found.cut.low && this.#zero(found)) || found;
  }

  /** Least squares, if it is as good as the ridge found. */
  #zero(found: BestRidge): BestRidge | null {
    const zero = this.at(0, found.trials);
    if (zero === null || zero.places.length < found.trials.length) return null;
    if (!(pairedDifference(zero.errors, found.errors).mean <= 0)) return null;
    const { interval, cut } = found;
    return { ...found, ridge: 0, interval: { ...interval, low: 0 }, cut: { ...cut, low: false }, errors: zero.errors };
  }

  /** The errors at a ridge of those of these trials that ended well, and which ones they are; null where it was not drawn. */
  at(
    ridge: number,
    trials: readonly number[],
  ): { readonly errors: Float64Array; readonly places: readonly number[] } | null {
    const column = this.#columns.get(ridge);
    if (!column) return null;
    const places = trials.flatMap((t, place) => (isOk(column, t) ? [place] : []));
    return { errors: Float64Array.from(places, (place) => column.errors[trials[place]!]!), places };
  }
}

/** One ridge: errors and statuses, trial by trial. */
export interface Column {
  readonly errors: Float64Array;
  readonly statuses: Uint8Array;
}

export interface BestRidge extends Omit<PairedMinimum, 'x'> {
  readonly ridge: number;
  /** Numbers of the trials that count; `errors` are theirs. */
  readonly trials: readonly number[];
  readonly failed: number;
}

const isOk = ({ statuses }: Column, trial: number) => statuses[trial] === TrialStatus.ok;
