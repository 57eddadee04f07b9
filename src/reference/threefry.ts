/** Four 32-bit words. */
export type Words = readonly [number, number, number, number];

/** Of the two mixes of every round; they come round after eight. */
const ROTATIONS = [10, 26, 11, 21, 13, 27, 23, 5, 6, 20, 17, 11, 25, 10, 18, 20] as const;
const PARITY = 0x1bd11bda;

/**
 * Threefry4x32-20 (Salmon et al., SC'11) as published: the twin of shaders/random/threefry.wgsl. Checked against the
 * known-answer vectors of Random123. In single variables, since nearly all that the f64 reference computes begins here.
 */
export function threefry4x32(counter: Words, key: Words): Words {
  const schedule = [key[0], key[1], key[2], key[3], PARITY ^ key[0] ^ key[1] ^ key[2] ^ key[3]];
  let x0 = (counter[0] + key[0]) | 0;
  let x1 = (counter[1] + key[1]) | 0;
  let x2 = (counter[2] + key[2]) | 0;
  let x3 = (counter[3] + key[3]) | 0;
  for (let injection = 1; injection <= 5; injection++) {
    const first = injection % 2 === 1 ? 0 : 8;
    for (let at = first; at < first + 8; at += 4) {
      // Even rounds mix neighbours (0,1) (2,3), odd rounds mix (0,3) (2,1).
      x0 = (x0 + x1) | 0;
      x1 = rotated(x1, ROTATIONS[at]!) ^ x0;
      x2 = (x2 + x3) | 0;
      x3 = rotated(x3, ROTATIONS[at + 1]!) ^ x2;
      x0 = (x0 + x3) | 0;
      x3 = rotated(x3, ROTATIONS[at + 2]!) ^ x0;
      x2 = (x2 + x1) | 0;
      x1 = rotated(x1, ROTATIONS[at + 3]!) ^ x2;
    }
    x0 = (x0 + schedule[injection % 5]!) | 0;
    x1 = (x1 + schedule[(injection + 1) % 5]!) | 0;
    x2 = (x2 + schedule[(injection + 2) % 5]!) | 0;
    x3 = (x3 + schedule[(injection + 3) % 5]! + injection) | 0;
  }
  return [x0 >>> 0, x1 >>> 0, x2 >>> 0, x3 >>> 0];
}

const rotated = (word: number, left: number): number => (word << left) | (word >>> (32 - left));
