/**
 * Plan
 * - Learnt divisors up to 100 and accuracies are those of Appendix G, to the point that the paper prints.
 * - The generator answers by the definition, on divisors beyond 100 too; what it shows rightly is its accuracy.
 */
import { describe, expect, it } from 'vitest';
import { answerTo, delay } from '../../../src/theory/printed/gcd.ts';
import { accuracy, BASES, type Base, learntSkills, rightlyShown } from '../../../src/theory/tails/gcd.ts';
import { missingMass } from '../../../src/theory/tails/hutter.ts';
import { zipf } from '../../../src/theory/tails/laws.ts';

const printed: Readonly<Record<Base, readonly [skills: number, accuracy: number]>> = {
  10: [13, 0.85],
  420: [38, 0.97],
  1000: [22, 0.94],
  2017: [4, 0.85],
  2023: [16, 0.91],
  4913: [17, 0.93],
};

it.each(BASES)('base %i has the printed divisors and accuracy', (base) => {
  const [skills, share] = printed[base];
  expect(learntSkills(base).filter((k) => k <= 100)).toHaveLength(skills);
  expect(Math.abs(accuracy(base) - share)).toBeLessThan(0.01);
});

it.each(BASES)('base %i answers with the largest divisor that it knows', (base) => {
  const known = learntSkills(base);
  for (let k = 1; k <= 300; k++) {
    const answer = answerTo(base, k);
    expect(known).toContain(answer);
    expect(k % answer).toBe(0);
    for (const other of known) if (other > answer) expect(k % other).not.toBe(0);
  }
});

describe('what is shown rightly', () => {
  const truth = zipf(2);

  it.each(BASES)('is the accuracy of base %i where all is synthetic', (base) => {
    const law = rightlyShown(truth, base, 1);
    expect(1 - law.beyond).toBeCloseTo(accuracy(base), 7);
    expect(missingMass(truth, [{ law, sizes: [1e9] }])).toBeCloseTo(1 - accuracy(base), 6);
  });

  it('comes late by 1/(1 - share) where the generator is wrong', () => {
    const law = rightlyShown(truth, 10, 0.75);
    expect(law.mass(3) / truth.mass(3)).toBeCloseTo(0.25, 12);
    expect(law.mass(400)).toBe(truth.mass(400));
    expect(law.mass(3) * delay(0.75)).toBeCloseTo(truth.mass(3), 12);
  });
});
