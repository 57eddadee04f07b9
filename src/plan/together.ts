import type { Target } from '../kernels/tuning.ts';
import { type DeviceLimits, DeviceTooSmall, type JobCost, programCost } from '../program/cost.ts';
import type { Program } from '../program/program.ts';
import { type FittedRecipe, isFitted, ModelNumbers, type Recipe, worldOf } from '../regimes/recipe.ts';
import type { Sampler, SamplerJob } from '../samplers/sampler.ts';
import { groupByDraws } from './jobs.ts';

/**
 * Jobs of several panels that a sampler draws at once, because they have draws in common and that is less work: designs, products and
 * factors are then worked out once for all panels. Every job keeps its own numbers, which are those it has by itself up to rounding.
 */
export interface Together {
  readonly members: readonly Member[];
  readonly program: Program;
  readonly cost: JobCost;
}

export interface Member {
  /** Index of the job. */
  readonly job: number;
  /** By recipe of the job, its number among those that are drawn. */
  readonly places: readonly number[];
}

/** What is asked of a job. */
interface Job {
  readonly sampler: Sampler;
  readonly job: SamplerJob;
  readonly program: Program;
  readonly cost: JobCost;
  readonly trials: number;
}

/** Of the work of jobs by themselves, what drawing them at once must save to be worth another batch. */
const WORTH = 0.05;

/** In steps, one for each program that is tried. */
export function* togetherOf(
  jobs: readonly Job[],
  limits: DeviceLimits,
  target: Target,
): Generator<void, readonly Together[]> {
  const found: Together[] = [];
  for (const alike of alikeJobs(jobs)) {
    for (const group of byDraws(jobs, alike)) {
      if (group.length < 2) continue;
      const together = tried(jobs, group, limits, target);
      if (together) found.push(together);
      yield;
    }
  }
  return found;
}

/** Jobs that one program could draw, each program once: by the same sampler, from the same seed, as many trials. */
function alikeJobs(jobs: readonly Job[]): Iterable<readonly number[]> {
  const alike = new Map<string, number[]>();
  const programs = new Set<Program>();
  for (const [j, { sampler, job, trials, program, cost }] of jobs.entries()) {
    if (programs.has(program) || cost.leftToReference || !job.recipes.every(isFitted)) continue;
    programs.add(program);
    const key = JSON.stringify([sampler.name, job.seed, trials]);
    alike.set(key, [...(alike.get(key) ?? []), j]);
  }
  return alike.values();
}

/** Those of them that have draws in common. */
function byDraws(jobs: readonly Job[], alike: readonly number[]): readonly (readonly number[])[] {
  const owners = alike.flatMap((j) => jobs[j]!.job.recipes.map(() => j));
  const recipes = alike.flatMap((j) => jobs[j]!.job.recipes);
  return groupByDraws(recipes).map((group) => [...new Set(group.map((i) => owners[i]!))]);
}

function tried(jobs: readonly Job[], group: readonly number[], limits: DeviceLimits, target: Target): Together | null {
  const { sampler, job } = jobs[group[0]!]!;
  const union = new Union();
  const members = group.map((j) => ({ job: j, places: jobs[j]!.job.recipes.map((recipe) => union.place(recipe)) }));
  const program = sampler.program({ seed: job.seed, recipes: union.recipes }, target);
  try {
    const cost = programCost(program, limits);
    const apart = group.reduce((sum, j) => sum + jobs[j]!.cost.workPerTrial, 0);
    if (cost.leftToReference || cost.workPerTrial > (1 - WORTH) * apart) return null;
    return { members, program, cost };
  } catch (error) {
    if (error instanceof DeviceTooSmall) return null;
    throw error;
  }
}

/** Recipes, each once. */
class Union {
  readonly recipes: Recipe[] = [];
  readonly #places = new Map<string, number>();
  readonly #numbers = new ModelNumbers();

  place(recipe: Recipe): number {
    const { estimate } = recipe as FittedRecipe;
    this.#numbers.add(estimate);
    const key = `${this.#numbers.of(estimate)} ${worldOf(recipe)}`;
    const place = this.#places.get(key) ?? this.recipes.push(recipe) - 1;
    this.#places.set(key, place);
    return place;
  }
}
