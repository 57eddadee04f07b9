import type { JsonObject } from '../experiment/experiment.ts';
import { experimentHash } from '../experiment/hash.ts';
import type { PlannedJob } from '../plan/plan.ts';
import type { CheckpointKeeper } from '../program/checkpoint.ts';
import { emptyBatch, type TrialBatch, TrialStatus } from '../program/trials.ts';
import type { Recipe } from '../regimes/recipe.ts';
import type { TrialRange } from './coverage.ts';

/** Who computed a batch: numbers of two adapters, or of two rows of the tuning table, agree within bounds, not bit for bit. */
export interface Maker {
  readonly adapter: string;
  readonly tuning?: string | undefined;
}

/** A finished batch as the journal keeps it. */
export interface JournalEntry {
  /** `jobKey` of the job the batch belongs to. */
  readonly job: string;
  readonly batch: TrialBatch;
  /** Absent where no device computed it, or nobody asked. */
  readonly by?: Maker | undefined;
}

/** Where batches that take long are kept as far as they are. */
export interface Checkpoints {
  /** Told once which jobs there are, before anything is drawn. */
  begin(jobs: readonly string[]): void;
  keeperOf(job: string): CheckpointKeeper;
  /** The batch that begins with this trial is in the journal: what was kept of it, or of one before, is of no more use. */
  drop(job: string, first: number): void;
}

/** Where finished batches are written down, so that a run can go on after whatever stopped it. */
export interface Journal {
  /** Batches of earlier runs, in any order; they may overlap and leave gaps. Read one at a time: there may be more than memory holds. */
  readonly past: Iterable<JournalEntry>;
  append(entry: JournalEntry): void;
  readonly checkpoints?: Checkpoints;
}

/** Keeps nothing. */
export const NO_JOURNAL: Journal = { past: [], append: () => {} };

/** What names a job. */
export interface NamedJob extends Pick<PlannedJob, 'panel' | 'cells'> {
  readonly sampler: Pick<PlannedJob['sampler'], 'name' | 'version'>;
  readonly job: Pick<PlannedJob['job'], 'recipes'>;
}

/**
 * Names a job by everything its numbers depend on, the f32 or f64 arithmetic included; trials are counted from 0, so
 * asking for more of them later goes on where the journal ends.
 */
export function jobKey({ panel, cells, sampler, job }: NamedJob, precision: 'f32' | 'f64'): string {
  const unit = unitOf(job.recipes[0]!);
  return experimentHash({
    regime: panel.regime,
    seed: panel.seed,
    sampler: sampler.name,
    version: sampler.version,
    precision,
    cells: cells.map((cell) => panel.cells[cell]!.parameters as JsonObject),
    ...(panel.y ? { terms: true } : {}),
    ...(unit === 0 ? {} : { unit }),
  });
}

const unitOf = (recipe: Recipe): number => (recipe.kind === 'linear' ? (recipe.unit ?? 0) : 0);

export const rangeOf = ({ first, count }: Pick<TrialBatch, 'first' | 'count'>): TrialRange => ({
  first,
  end: first + count,
});

/** The trials of a batch that are in a range, which lies within it. */
export function partOf(batch: TrialBatch, { first, end }: TrialRange): TrialBatch {
  const count = end - first;
  if (count === batch.count) return batch;
  const recipes = batch.errors.length / batch.count;
  const part = emptyBatch(first, count, recipes, batch.errors instanceof Float64Array);
  for (let recipe = 0; recipe < recipes; recipe++) {
    const from = recipe * batch.count + first - batch.first;
    part.errors.set(batch.errors.subarray(from, from + count), recipe * count);
    part.statuses.set(batch.statuses.subarray(from, from + count), recipe * count);
  }
  return part;
}

/** Those of some recipes, in their order. */
export function recipesOf({ first, count, errors, statuses }: TrialBatch, recipes: readonly number[]): TrialBatch {
  const some = emptyBatch(first, count, recipes.length, errors instanceof Float64Array);
  for (const [i, recipe] of recipes.entries()) {
    some.errors.set(errors.subarray(recipe * count, (recipe + 1) * count), i * count);
    some.statuses.set(statuses.subarray(recipe * count, (recipe + 1) * count), i * count);
  }
  return some;
}

/**
 * Why a batch that was read back cannot have been drawn, or null: whoever counts it would count nonsense. `areErrors`: whether its numbers are, which
 * are not negative; what is measured otherwise, a cosine or a coefficient, may be.
 */
export function faultOf({ first, count, errors, statuses }: TrialBatch, areErrors: boolean): string | null {
  const least = areErrors ? 0 : -Number.MAX_VALUE;
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(count) || first < 0 || count < 1)
    return `it counts ${count} trials from ${first}`;
  if (errors.length !== statuses.length || errors.length === 0 || errors.length % count !== 0)
    return `it has ${errors.length} errors and ${statuses.length} statuses for ${count} trials`;
  for (let i = 0; i < errors.length; i++) {
    if (!KNOWN_STATUSES.has(statuses[i]!)) return `it has the unknown status ${statuses[i]}`;
    if (statuses[i] === TrialStatus.ok && !(errors[i]! >= least && errors[i]! < Number.POSITIVE_INFINITY))
      return `a trial ended well with the error ${errors[i]}`;
  }
  return null;
}

const KNOWN_STATUSES: ReadonlySet<number> = new Set(Object.values(TrialStatus));
