import fc from 'fast-check';
import { expect, it } from 'vitest';
import { gapsIn, type TrialRange, trialsIn, withRange } from '../../src/engine/coverage.ts';

/*
 * Plan: ranges of trials against sets of numbers.
 * - whatever is added in whatever order: what is done is the union, in disjoint ranges in order that do not touch
 * - gaps are what is asked for and not done
 */

const range = fc.tuple(fc.nat(40), fc.nat(12)).map(([first, count]): TrialRange => ({ first, end: first + count }));
const numbers = ({ first, end }: TrialRange) => Array.from({ length: end - first }, (_, i) => first + i);
const ascending = (set: Iterable<number>) => [...set].sort((a, b) => a - b);

it('knows what is done and what is not', () => {
  fc.assert(
    fc.property(fc.array(range), range, (added, asked) => {
      const wanted = new Set(added.flatMap(numbers));
      const done = added
        .filter(({ first, end }) => end > first)
        .reduce<readonly TrialRange[]>((all, one) => withRange(all, one), []);
      expect(done.flatMap(numbers)).toEqual(ascending(wanted));
      expect(trialsIn(done)).toBe(wanted.size);
      for (let i = 1; i < done.length; i++) expect(done[i]!.first).toBeGreaterThan(done[i - 1]!.end);
      expect(gapsIn(done, asked).flatMap(numbers)).toEqual(numbers(asked).filter((trial) => !wanted.has(trial)));
    }),
  );
});
