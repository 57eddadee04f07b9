import { describe, expect, it } from 'vitest';
import { type Causes, mixtureMoments, type Shape } from '../../src/theory/mixture-moments.ts';
import { rememberedMoments } from '../../src/theory/remembered-moments.ts';

/*
 * Plan: what is remembered is what would be worked out again.
 * - shapes that differ in one number alone, and causes that do, in whatever order they are asked for, also lists that are equal
 *   without being the same, and more of them than are told apart
 * - asked again, it is the same object: nothing is worked out twice
 */

const powers = (d: number, beta: number) => Array.from({ length: d }, (_, j) => (j + 1) ** -beta);
const shape = (changes: Partial<Shape> = {}, d = 12, beta = 1): Shape => ({
  test: powers(d, beta),
  rows: 20,
  ridge: 1e-2,
  features: 15,
  sources: [0.7, 0.3].map((share) => ({ share, weight: 1, spectrum: powers(d, beta) })),
  ...changes,
});
const causes = (changes: Partial<Causes> = {}, d = 12): Causes => ({
  signal: powers(d, 0),
  shift: powers(d, -1),
  noise: [0.1, 0.2],
  ...changes,
});

const shapes = [
  shape(),
  shape({ rows: 21 }),
  shape({ ridge: 2e-2 }),
  shape({ features: null }),
  shape({ counts: powers(12, 0).map(() => 2) }),
  shape({ test: powers(12, 0.5) }),
  shape({ sources: [0.6, 0.4].map((share) => ({ share, weight: 1, spectrum: powers(12, 1) })) }),
  shape({ sources: [0.7, 0.3].map((share) => ({ share, weight: 1 + share, spectrum: powers(12, 1) })) }),
];
const many = [
  causes(),
  causes({ signal: powers(12, 2) }),
  causes({ shift: powers(12, 0) }),
  causes({ noise: [0, 0.2] }),
];

describe('remembered moments', () => {
  it.each(shapes.map((one, i) => [i, one] as const))('are those of shape %i', (_, one) => {
    for (let round = 0; round < 2; round++)
      for (const cause of many) {
        expect(rememberedMoments(structuredClone(one)).error(structuredClone(cause))).toEqual(
          mixtureMoments(one).error(cause),
        );
        expect(rememberedMoments(one).smallness).toEqual(mixtureMoments(one).smallness);
      }
  });

  it('are not confused by more lists than are told apart', () => {
    const betas = Array.from({ length: 50 }, (_, i) => 0.5 + i / 50);
    for (const beta of [...betas, ...betas.toReversed()])
      expect(rememberedMoments(shape({}, 8, beta)).error(causes({}, 8))).toEqual(
        mixtureMoments(shape({}, 8, beta)).error(causes({}, 8)),
      );
  });

  it('are worked out once', () => {
    const first = rememberedMoments(shape());
    expect(rememberedMoments(shape())).toBe(first);
    expect(first.error(causes())).toBe(first.error(causes()));
    expect(rememberedMoments(shape({ rows: 22 }))).not.toBe(first);
  });
});
