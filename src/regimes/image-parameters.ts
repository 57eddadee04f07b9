import { z } from 'zod';
import { axis } from '../experiment/axis.ts';
import { finite, integer, nonNegative, positive } from '../experiment/numbers.ts';
import type { Problem } from '../experiment/problem.ts';
import { power } from '../reference/power.ts';
import type { Population } from './recipe.ts';

/** What regimes on real images have in common. */

/** The sets of images there are. */
export const POPULATIONS: Readonly<Record<'mnist', Population>> = {
  mnist: { name: 'mnist', training: 60_000, test: 10_000, features: 784 },
};

export const images = z.enum(['mnist']).default('mnist').describe('collapse data mnist brings them');

export const preprocessing = z
  .enum(['image', 'pixel', 'unit', 'bytes'])
  .default('image')
  .describe(
    'image: each image less its mean, scaled to ||x||^2 = 784; pixel: each pixel less its mean over the training set, ' +
      'scaled to ||x||^2 = 784 on average; unit: from 0 to 1; bytes: to 255',
  );

export const tests = axis(integer(1, POPULATIONS.mnist.test))
  .prefault(POPULATIONS.mnist.test)
  .describe('number of test images, the first of the test set');

export const samples = axis(integer(1, POPULATIONS.mnist.training));

/** Labels are near 1, and squares of sums of a thousand of them are added up in f32. */
const mostNoise = 1e15;
const noiseError = `a number from 0 to ${mostNoise}`;
export const noise = axis(nonNegative().max(mostNoise, { error: noiseError }));

export const ridge = z
  .union([axis(positive()), z.strictObject({ power: axis(finite()).describe('l of lambda = T^-l') })], {
    error: 'a finite number above 0, a list or range of them, or { power: l } for T^-l',
  })
  .describe('lambda of the objective (1/T) sum (f(x) - y)^2 + lambda ||f||^2, T the rows of the fit');

export interface Learner {
  readonly samples: number;
  readonly ridge: number | { readonly power: number };
}

export const ridgeOf = ({ ridge, samples }: Learner): number =>
  typeof ridge === 'number' ? ridge : power(samples, -ridge.power);

/** Learners by the name of their part of the file. */
export function ridgeProblems(learners: Readonly<Record<string, Learner | undefined>>): Problem[] {
  return Object.entries(learners).flatMap(([path, learner]) => {
    const penalty = learner ? ridgeOf(learner) * learner.samples : 1;
    if (penalty >= 2 ** -126 && penalty <= 2 ** 127) return [];
    return [{ path: `${path}.ridge`, message: `gives lambda T = ${penalty}, need one in the range of f32` }];
  });
}
