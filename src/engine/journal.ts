import type { JsonObject } from '../experiment/experiment.ts';
import { experimentHash } from '../experiment/hash.ts';
import type { PlannedJob } from '../plan/plan.ts';
import type { Recipe } from '../regimes/recipe.ts';
import type { TrialBatch } from '../samplers/sampler.ts';

/** A finished batch as the journal keeps it. */
export interface JournalEntry {
  /** `jobKey` of the job the batch belongs to. */
  readonly job: string;
  readonly batch: TrialBatch;
}

/** Where finished batches are written down, so that a run can go on after whatever stopped it. */
export interface Journal {
  /** Batches of earlier runs of the same experiment. */
  readonly past: readonly JournalEntry[];
  append(entry: JournalEntry): void;
}

/** Keeps nothing. */
export const NO_JOURNAL: Journal = { past: [], append: () => {} };

/**
 * Names a job by everything its numbers depend on, the f32 or f64 arithmetic included; trials are counted from 0, so
 * asking for more of them later goes on where the journal ends.
 */
export function jobKey({ panel, cells, sampler, job }: PlannedJob, precision: 'f32' | 'f64'): string {
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

/** Batches of one job of so many recipes in order of trials, each taking over where the one before ends; gaps end the list. */
export function contiguous(entries: readonly JournalEntry[], job: string, recipes: number): readonly TrialBatch[] {
  const batches = entries
    .filter((entry) => entry.job === job && entry.batch.errors.length === recipes * entry.batch.count)
    .map((entry) => entry.batch)
    .sort((a, b) => a.first - b.first);
  const chain: TrialBatch[] = [];
  let next = 0;
  for (const batch of batches) {
    if (batch.first !== next) break;
    chain.push(batch);
    next += batch.count;
  }
  return chain;
}
