import { describe, expect, it } from 'vitest';
import { threefry4x32, type Words } from '../../src/reference/threefry.ts';

/*
 * Plan: the integer stream is Random123's Threefry4x32-20, bit for bit.
 * - the three known-answer vectors of Random123 (all zeros, all ones, digits of pi)
 * - flipping one bit of counter or key changes about half of the output bits (a control that the words are really mixed)
 */

const hex = (words: string) => words.split(' ').map((word) => Number.parseInt(word, 16)) as unknown as Words;

describe('threefry4x32', () => {
  it.each([
    [
      '00000000 00000000 00000000 00000000',
      '00000000 00000000 00000000 00000000',
      '9c6ca96a e17eae66 fc10ecd4 5256a7d8',
    ],
    [
      'ffffffff ffffffff ffffffff ffffffff',
      'ffffffff ffffffff ffffffff ffffffff',
      '2a881696 57012287 f6c7446e a16a6732',
    ],
    [
      '243f6a88 85a308d3 13198a2e 03707344',
      'a4093822 299f31d0 082efa98 ec4e6c89',
      '59cd1dbb b8879579 86b5d00c ac8b6d84',
    ],
  ])('counter %s key %s', (counter, key, expected) => {
    expect(threefry4x32(hex(counter), hex(key))).toEqual(hex(expected));
  });

  it('changes about half of the output bits when one input bit flips', () => {
    let flips = 0;
    for (let bit = 0; bit < 32; bit++) {
      const base = threefry4x32([1, 2, 3, 4], [5, 6, 7, 8]);
      const other = threefry4x32([1, 2, (3 ^ (1 << bit)) >>> 0, 4], [5, 6, 7, 8]);
      base.forEach((word, i) => {
        for (let x = word ^ other[i]!; x !== 0; x &= x - 1) flips++;
      });
    }
    expect(Math.abs(flips / (32 * 128) - 0.5)).toBeLessThan(0.03);
  });
});
