/**
 * Plan. The distance is a metric with known values; the nearest name is found despite case and typing errors, and
 * nothing is proposed for a word that is unlike all names.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distance, nearest } from '../../src/experiment/nearest.ts';

describe('distance', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['ridge', 'rigde', 2],
    ['samples', 'sample', 1],
  ])('%s to %s is %i', (a, b, d) => {
    expect(distance(a, b)).toBe(d);
  });

  it('is a metric', () => {
    const word = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(distance(a, b)).toBe(distance(b, a));
        expect(distance(a, b) === 0).toBe(a === b);
        expect(distance(a, c)).toBeLessThanOrEqual(distance(a, b) + distance(b, c));
      }),
    );
  });
});

describe('nearest', () => {
  const names = ['samples', 'noise', 'ridge'];
  it.each([
    ['sample', 'samples'],
    ['Ridge', 'ridge'],
    ['niose', 'noise'],
    ['lambda', null],
    ['', null],
  ])('%s means %s', (typed, meant) => {
    expect(nearest(typed, names)).toBe(meant);
  });
});
