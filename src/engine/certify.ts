import { TrialStatus } from '../program/trials.ts';
import type { Rounding, Sampler } from '../samplers/sampler.ts';
import type { DrawnJob } from './drawn-jobs.ts';
import type { StoredTrials } from './merge.ts';
import type { Phase } from './phase.ts';

/** One job's trials replayed. */
export interface CertifiedJob {
  readonly panel: string;
  readonly sampler: string;
  readonly cells: number;
  readonly trials: readonly number[];
  /** Test errors held against their bound; those of trials that failed are not. */
  readonly compared: number;
  readonly failed: number;
  /** The one nearest to its bound, or farthest beyond; null where none was compared. */
  readonly worst: Deviation | null;
  /** How many are beyond. */
  readonly beyond: number;
}

/** A recorded test error beside its replay. */
export interface Deviation {
  /** Index into the panel's cells. */
  readonly cell: number;
  readonly trial: number;
  readonly recorded: number;
  readonly replayed: number;
  /** Largest distance that rounding accounts for. */
  readonly bound: number;
  /** |recorded - replayed| / bound. */
  readonly ratio: number;
}

/** What stands for a distance beyond every bound: files know no infinity. */
const FAR = Number.MAX_VALUE;

/** Rounding of f64 beside that of f32. */
const F64 = 2 ** -24;

interface Replay {
  readonly drawn: DrawnJob;
  readonly sampler: Sampler;
  /** Trials to replay, ascending. */
  readonly trials: readonly number[];
}

/**
 * Replays trials of every job in f64 and holds each recorded test error against the f32 bound of its sampler (docs/numerics.md,
 * "Certificates"); results that are f64 themselves against 2^-24 of it. `stored` has these trials of every job and no others.
 */
export async function* certified(
  replays: readonly Replay[],
  stored: StoredTrials,
  precision: 'f32' | 'f64',
): AsyncGenerator<Phase, readonly CertifiedJob[]> {
  const total = replays.reduce((sum, { trials }) => sum + trials.length, 0);
  let done = 0;
  const all: CertifiedJob[] = [];
  for (const [j, { drawn, sampler, trials }] of replays.entries()) {
    const job = new JobCertificate(drawn, sampler, precision === 'f64' ? F64 : 1);
    await sampler.prepare?.(drawn.job);
    for (const { first, read } of stored.stretches(j, 1)) {
      await job.replay(first, read(0, drawn.cells.length));
      yield { kind: 'phase', phase: 'replay', done: ++done, total };
    }
    all.push(job.certificate(trials));
    job.close();
  }
  return all;
}

class JobCertificate {
  readonly #drawn: DrawnJob;
  readonly #source: ReturnType<Sampler['openReference']>;
  readonly #rounding: Rounding;
  readonly #share: number;
  #compared = 0;
  #failed = 0;
  #beyond = 0;
  #worst: Deviation | null = null;

  constructor(drawn: DrawnJob, sampler: Sampler, share: number) {
    this.#drawn = drawn;
    this.#source = sampler.openReference(drawn.job);
    this.#rounding = sampler.rounding(drawn.job);
    this.#share = share;
  }

  async replay(
    trial: number,
    { errors, statuses }: { errors: ArrayLike<number>; statuses: Uint8Array },
  ): Promise<void> {
    const exact = (await this.#source.run(trial, 1)).errors;
    const bounds = this.#rounding(trial, exact);
    for (const [place, cell] of this.#drawn.cells.entries()) {
      if (statuses[place] !== TrialStatus.ok) {
        this.#failed++;
        continue;
      }
      const [recorded, replayed] = [errors[place]!, exact[place]!];
      const bound = this.#share * bounds[place]!;
      const distance = Math.abs(recorded - replayed);
      // A bound of zero is met by equality; NaN is beyond everything.
      const ratio = distance === 0 ? 0 : distance / bound;
      this.#compared++;
      if (!(ratio <= 1)) this.#beyond++;
      if (!this.#worst || !(ratio <= this.#worst.ratio))
        this.#worst = {
          cell,
          trial,
          recorded,
          replayed,
          bound,
          ratio: Number.isNaN(ratio) ? FAR : Math.min(ratio, FAR),
        };
    }
  }

  certificate(trials: readonly number[]): CertifiedJob {
    const { panel, sampler, cells } = this.#drawn;
    return {
      panel,
      sampler,
      cells: cells.length,
      trials,
      compared: this.#compared,
      failed: this.#failed,
      worst: this.#worst,
      beyond: this.#beyond,
    };
  }

  close(): void {
    this.#source.close();
  }
}
