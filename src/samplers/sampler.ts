import type { Target } from '../kernels/tuning.ts';
import type { Program } from '../program/program.ts';
import type { TrialSource } from '../program/trials.ts';
import type { Recipe } from '../regimes/recipe.ts';
import { PHRASES, type Word, wordsOf } from '../regimes/words.ts';

/** Cells that share draws, simulated together. */
export interface SamplerJob<R extends Recipe = Recipe> {
  readonly seed: number;
  readonly recipes: readonly R[];
}

/**
 * A sampler is a promise: it draws the test error of a trial from exactly the distribution that the data-matrix path
 * (`direct`) has. GPU and reference draw the same integers, so they agree per trial up to f32 rounding.
 *
 * R: the recipes whose words it knows. It is asked about no other, which `refusalOf` sees to.
 */
export interface Sampler<R extends Recipe = Recipe> {
  readonly name: string;
  /** Raised whenever the numbers drawn for a given seed change. */
  readonly version: number;
  /** Every word that a recipe may have. */
  readonly knows: ReadonlySet<Word>;
  /** null if the sampler can draw this recipe, all of whose words it knows; else the reason why not. */
  refuses(recipe: R): string | null;
  /** Compiles a job that is not refused. */
  program(job: SamplerJob<R>, target: Target): Program;
  /** Finds what the job needs and no device gives, such as images; rejects if it is not to be had. Absent where nothing is needed. */
  prepare?(job: SamplerJob<R>): Promise<void>;
  openReference(job: SamplerJob<R>): TrialSource;
  /** How far f32 may be from the reference. */
  rounding(job: SamplerJob<R>): Rounding;
}

/**
 * The largest distance that a test error drawn in f32 may have from the reference, recipe by recipe, for a trial whose errors by the
 * reference are these (docs/numerics.md, "Certificates"). Not of trials that failed.
 */
export type Rounding = (trial: number, errors: ArrayLike<number>) => readonly number[];

/** Of errors that are sums of parts that do not cancel. */
export const relativeRounding =
  (share: number): Rounding =>
  (_, errors) =>
    Array.from(errors, (error) => share * error);

/** Why a sampler cannot draw a recipe: a word that it does not know, or what it says itself; null if it can. */
export function refusalOf(sampler: Sampler, recipe: Recipe): string | null {
  const stranger = strangerOf(sampler, recipe);
  return stranger === null ? sampler.refuses(recipe) : `${sampler.name} draws no ${PHRASES[stranger]}`;
}

/** Whether it knows all words of a recipe: if it refuses it, that is for its numbers. */
export const understands = (sampler: Sampler, recipe: Recipe): boolean => strangerOf(sampler, recipe) === null;

/** The first word that a sampler does not know. */
function strangerOf({ knows }: Sampler, recipe: Recipe): Word | null {
  const words = met.get(recipe) ?? wordsOf(recipe);
  met.set(recipe, words);
  for (const word of words) if (!knows.has(word)) return word;
  return null;
}

/** Every sampler asks, and chains are long. */
const met = new WeakMap<Recipe, ReadonlySet<Word>>();
