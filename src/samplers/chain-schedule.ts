import type { Draw, LinearRecipe } from '../regimes/recipe.ts';
import { asChain } from './chain.ts';
import type { Label } from './design.ts';
import { type Pass as AnyPass, scheduleOf as anyScheduleOf, type PassResults, type Trial } from './schedule.ts';

export type { CellResultPlace, Output } from './schedule.ts';

/** One set of labels on a design: y = X w + noise * g. */
export interface Side {
  /** Slot of the model whose coefficients w make the labels; slot 0 is the truth. */
  readonly labels: number;
  readonly noise: number;
  readonly errors: Draw;
}

/** A pass over a design that is one block. */
export interface Pass extends PassResults {
  readonly inputs: Draw;
  readonly sides: readonly Side[];
}

/** The schedule of a job of chains. */
export interface Schedule extends Trial {
  readonly passes: readonly Pass[];
}

/** Compiles chains, which share dimension, spectrum and truth. */
export function scheduleOf(recipes: readonly LinearRecipe[]): Schedule {
  const { shifts: _, passes, ...trial } = anyScheduleOf(recipes.map((recipe) => asChain(recipe)));
  return { ...trial, passes: passes.map((pass) => plainPass(pass)!) };
}

/** The same pass where its design is one block and each side has one set of labels; null elsewhere. */
export function plainPass({ design, sides, ...results }: AnyPass): Pass | null {
  const [part] = design.parts;
  const { first, weight, spectrum, samples, inputs } = part!;
  if (
    design.parts.length > 1 ||
    first > 0 ||
    weight !== 1 ||
    spectrum ||
    samples ||
    design.projection ||
    design.subsample
  )
    return null;
  if (!sides.every(({ labels }) => labels.length === 1 && labels[0]!.first === 0)) return null;
  return { ...results, inputs, sides: sides.map(({ labels }) => plainSide(labels[0]!)) };
}

const plainSide = ({ labels, noise, errors }: Label): Side => ({ labels, noise, errors });
