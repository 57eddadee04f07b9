/**
 * Plan
 * - Paths people sweep have names and symbols, others name themselves.
 * - Numbers on axes and labels: plain where short, powers of ten outside, a true minus sign.
 */
import { expect, test } from 'vitest';
import { groupedInteger, labelOf, shortNumber, valueLabel } from '../../src/report/labels.ts';

test('names', () => {
  expect(labelOf('downstream.ridge').name).toBe('ridge λ');
  expect(labelOf('downstream.samples').name).toBe('samples T');
  expect(labelOf('generations').name).toBe('generation n');
  expect(labelOf('generator.samples').symbol).toBe('T₀');
  expect(labelOf('mixture.share')).toEqual({ name: 'mixture.share', symbol: 'mixture.share', integer: null });
  expect(valueLabel('generations', 10)).toBe('n = 10');
});

test.each([
  [0, '0'],
  [10, '10'],
  [12345, '12345'],
  [0.001, '0.001'],
  [0.123456, '0.1235'],
  [-2.5, '−2.5'],
  [1e-5, '10^{−5}'],
  [3.1622776e-4, '3.16·10^{−4}'],
  [-2e6, '−2·10^{6}'],
  [99999.96, '10^{5}'],
])('%d is written %s', (value, text) => {
  expect(shortNumber(value)).toBe(text);
});

test('thousands', () => {
  expect(groupedInteger(1234567)).toBe('1,234,567');
});
