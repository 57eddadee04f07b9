import { expect, it } from 'vitest';
import { cholesky, scaledCondition } from '../../src/reference/linalg.ts';

/*
 * Plan: the condition number of a matrix whose eigenvalues are known: (1 - r) I + r 11' has 1 - r and 1 + (n - 1) r, in whatever units its
 * coordinates are, with and without a penalty on its diagonal.
 */

it.each([
  [2, 0.5, 0],
  [12, 0.9, 0],
  [40, 0.999, 0],
  [12, 0.9, 0.5],
])('order %i, correlation %f, penalty %f', (n, r, penalty) => {
  // Units of coordinates only where no penalty tells them apart.
  const unit = (i: number) => (penalty === 0 ? 10 ** (i % 4) : 1);
  const gram = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) gram[n * i + j] = (i === j ? 1 : r) * unit(i) * unit(j);
  const matrix = gram.slice();
  for (let i = 0; i < n; i++) matrix[n * i + i]! += penalty;
  const factor = cholesky(matrix, n);
  if (factor.kind !== 'ok') throw new Error('no factor');
  const [low, high] = [(1 - r + penalty) / (1 + penalty), (1 + (n - 1) * r + penalty) / (1 + penalty)];
  const found = scaledCondition(gram, penalty, factor.factor);
  expect(found).toBeLessThan((1 + 1e-9) * (high / low));
  expect(found).toBeGreaterThan(0.95 * (high / low));
});
