import type { Target } from '../kernels/tuning.ts';
import type { Program } from '../program/program.ts';
import type { TrialSource } from '../program/trials.ts';
import type { Recipe } from '../regimes/recipe.ts';

/** Cells that share draws, simulated together. */
export interface SamplerJob {
  readonly seed: number;
  readonly recipes: readonly Recipe[];
}

/**
 * A sampler is a promise: it draws the test error of a trial from exactly the distribution that the data-matrix path
 * (`direct`) has. GPU and reference draw the same integers, so they agree per trial up to f32 rounding.
 */
export interface Sampler {
  readonly name: string;
  /** Raised whenever the numbers drawn for a given seed change. */
  readonly version: number;
  /** null if the sampler can draw this recipe, else the reason why not. */
  refuses(recipe: Recipe): string | null;
  /** Compiles a job that is not refused. */
  program(job: SamplerJob, target: Target): Program;
  /** Finds what the job needs and no device gives, such as images; rejects if it is not to be had. Absent where nothing is needed. */
  prepare?(job: SamplerJob): Promise<void>;
  openReference(job: SamplerJob): TrialSource;
}
