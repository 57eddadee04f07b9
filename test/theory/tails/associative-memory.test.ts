/** Plan: the exponents of the triplet law are the printed ones, and those in T and k are those of an unlimited memory, fitted. */
import { expect, it } from 'vitest';
import { tripletExponents } from '../../../src/theory/printed/associative-memory.ts';
import { missingMass } from '../../../src/theory/tails/hutter.ts';
import { cut, zipf } from '../../../src/theory/tails/laws.ts';
import { slopeOf } from './random.ts';

it('has the printed exponents', () => {
  expect(tripletExponents(1.5, 'counts').dimension).toBeCloseTo(1 / 6, 12);
  expect(tripletExponents(1.5, 'seen').dimension).toBeCloseTo(1 / 2, 12);
});

it.each([1.5, 2])('has the powers of draws and of the cut that no dimension limits, beta = %f', (beta) => {
  const truth = zipf(beta);
  const error = (draws: number, last: number) => missingMass(truth, [{ law: cut(truth, last), sizes: [draws] }]);
  const { draws, cut: last } = tripletExponents(beta, 'counts');
  expect(slopeOf([1e4, 1e5, 1e6].map((T) => [T, error(T, 1e9)]))).toBeCloseTo(-draws, 2);
  expect(slopeOf([30, 100, 300].map((k) => [k, error(1e9, k)]))).toBeCloseTo(-last, 1);
});
