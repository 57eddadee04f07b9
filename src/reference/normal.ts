import { threefry4x32, type Words } from './threefry.ts';

/**
 * What a random number is for; keeps designs, label noise and true coefficients of one block apart, and the chi and normal
 * numbers of samplers that replace a design by a smaller problem; and tokens.
 */
export const Purpose = { design: 0, noise: 1, truth: 2, chi: 3, reduced: 4, token: 5 } as const;
export type Purpose = (typeof Purpose)[keyof typeof Purpose];

/** First two words of the key (the seed), then the unit's word and the generation. */
export type StreamKey = Words;

/** Box-Muller in f64 on exactly the uniforms of shaders/random/normal.wgsl. */
export function standardNormals(words: Words): [number, number, number, number] {
  const [x, y] = normalPair(words[0], words[1]);
  const [z, w] = normalPair(words[2], words[3]);
  return [x, y, z, w];
}

function normalPair(radiusWord: number, angleWord: number): [number, number] {
  const leading = (radiusWord & (0xffffff00 >>> (Math.clz32(radiusWord) & 31))) >>> 0;
  const radius = Math.sqrt(-2 * Math.log(Math.max(leading, 0.5) * 2 ** -32));
  const quadrant = angleWord >>> 30;
  const fraction = (((angleWord >>> 6) & 0xffffff) - 2 ** 23 + 0.5) * 2 ** -24;
  const angle = (Math.PI / 2) * (quadrant + fraction);
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

/** Normals of four neighbouring columns, by address: the twin of shaders/random/address.wgsl. */
export function normalsAt(
  key: StreamKey,
  trial: number,
  row: number,
  columnBlock: number,
  purpose: Purpose,
): [number, number, number, number] {
  return standardNormals(threefry4x32([trial, row, columnBlock, purpose], key));
}

/** Fills `out` with row `row` of a design's standard normals. */
export function normalRow(key: StreamKey, trial: number, row: number, purpose: Purpose, out: Float64Array): void {
  for (let block = 0; 4 * block < out.length; block++) {
    const z = normalsAt(key, trial, row, block, purpose);
    for (let k = 0; k < 4 && 4 * block + k < out.length; k++) out[4 * block + k] = z[k]!;
  }
}
