/** Four 32-bit words. */
export type Words = readonly [number, number, number, number];

const ROTATIONS = [10, 26, 11, 21, 13, 27, 23, 5, 6, 20, 17, 11, 25, 10, 18, 20] as const;
const PARITY = 0x1bd11bda;

/**
 * Threefry4x32-20 (Salmon et al., SC'11), word by word as published: the twin of shaders/random/threefry.wgsl. Checked
 * against the known-answer vectors of Random123.
 */
export function threefry4x32(counter: Words, key: Words): Words {
  const schedule = [...key, PARITY ^ key[0] ^ key[1] ^ key[2] ^ key[3]];
  const x = counter.map((word, i) => (word + key[i]!) | 0);
  for (let round = 0; round < 20; round++) {
    // Even rounds mix neighbours (0,1) (2,3), odd rounds mix (0,3) (2,1).
    const partners = round % 2 === 0 ? [1, 3] : [3, 1];
    for (let pair = 0; pair < 2; pair++) {
      const a = 2 * pair;
      const b = partners[pair]!;
      const left = ROTATIONS[(round % 8) * 2 + pair]!;
      x[a] = (x[a]! + x[b]!) | 0;
      x[b] = ((x[b]! << left) | (x[b]! >>> (32 - left))) ^ x[a]!;
    }
    if (round % 4 === 3) {
      const injection = (round + 1) / 4;
      for (let i = 0; i < 4; i++) x[i] = (x[i]! + schedule[(injection + i) % 5]!) | 0;
      x[3] = (x[3]! + injection) | 0;
    }
  }
  return [x[0]! >>> 0, x[1]! >>> 0, x[2]! >>> 0, x[3]! >>> 0];
}
