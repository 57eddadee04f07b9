import type { Draw, LinearRecipe } from '../../regimes/recipe.ts';
import type { Label } from '../design.ts';
import { type FitPass, fitScheduleOf, type PassLayout, type TrialLayout } from '../fit-schedule.ts';
import { asChain } from './chain.ts';

/** One set of labels on a design: y = X w + noise * g. */
export interface ChainRightHandSide {
  /** Slot of the model whose coefficients w make the labels; slot 0 is the truth. */
  readonly labels: number;
  readonly noise: number;
  readonly errors: Draw;
}

/** A pass over a design that is one block. */
export interface ChainPass extends PassLayout {
  readonly inputs: Draw;
  readonly sides: readonly ChainRightHandSide[];
}

/** The schedule of a job of chains. */
export interface ChainSchedule extends TrialLayout {
  readonly passes: readonly ChainPass[];
}

/** Compiles chains, which share dimension, spectrum and truth. */
export function chainScheduleOf(recipes: readonly LinearRecipe[]): ChainSchedule {
  const { shifts: _, passes, ...trial } = fitScheduleOf(recipes.map((recipe) => asChain(recipe)));
  return { ...trial, passes: passes.map((pass) => chainPassOf(pass)!) };
}

/** The same pass where its design is one block and each side has one set of labels; null elsewhere. */
export function chainPassOf({ design, sides, ...layout }: FitPass): ChainPass | null {
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
  return { ...layout, inputs, sides: sides.map(({ labels }) => chainSideOf(labels[0]!)) };
}

const chainSideOf = ({ labels, noise, errors }: Label): ChainRightHandSide => ({ labels, noise, errors });
