/**
 * Plan
 * - The uncertainty has two digits and the value ends at the same place, across sizes and at roundings that carry.
 * - No uncertainty, no value.
 */
import { expect, test } from 'vitest';
import { plain, uncertain } from '../../src/statistics/uncertain.ts';

test.each([
  [0.123412, 0.00561, '0.1234(56)'],
  [0.1234, 0.00996, '0.123(10)'],
  [0.1234, 0.000999, '0.1234(10)'],
  [12.34, 5.61, '12.3(5.6)'],
  [12345.6, 151, '12346(151)'],
  [1.2345e-7, 5.6e-10, '1.2345(56)e-7'],
  [3.21e8, 1.2e6, '3.210(12)e8'],
  [0.5, 0, '0.5'],
  [0.123456, Number.NaN, '0.1235'],
  [0, 0.01, '0.000(10)'],
  [Number.NaN, 1, '–'],
])('%d ± %d is %s', (value, error, text) => {
  expect(uncertain(value, error)).toBe(text);
});

test('plain numbers', () => {
  expect([plain(null), plain(0), plain(1234567), plain(2.5e-5), plain(0.25)]).toEqual([
    '–',
    '0',
    '1.235e+6',
    '2.500e-5',
    '0.25',
  ]);
});
