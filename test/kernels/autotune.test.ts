import { expect, it } from 'vitest';
import { verdictOf } from '../../src/kernels/autotune.ts';

/*
 * Plan: which row a measurement speaks for.
 * - the fastest, if it is clearly faster than the device's own; near ties leave that one, whoever is ahead
 * - nothing else measured: the device's own
 */

it.each([
  ['gpu', { gpu: 10, portable: 8 }, 'portable'],
  ['gpu', { gpu: 10, portable: 9.5 }, 'gpu'],
  ['gpu', { gpu: 10, portable: 8, software: 7 }, 'software'],
  ['software', { software: 10, portable: 30, gpu: 20 }, 'software'],
  ['portable', { portable: 10 }, 'portable'],
] as const)('own %s of %o: %s', (own, milliseconds, row) => {
  expect(verdictOf(own, milliseconds)).toEqual({ row, milliseconds });
});
