import { describe, expect, it } from 'vitest';
import { gaussianDesign, labelNoise, truth } from '../../src/kernels/design.ts';
import { knownAnswer, normalTransform, randomStream, SLAB, StreamOrder } from '../../src/kernels/probe.ts';
import { runOnce } from '../../src/kernels/run-once.ts';
import { normalsAt, Purpose, standardNormals } from '../../src/reference/normal.ts';
import { threefry4x32 } from '../../src/reference/threefry.ts';
import { useGpu } from '../support/gpu.ts';
import { normalScores } from './normal-scores.ts';

/*
 * Plan: random numbers of the device against their f64 twins.
 * - Random123's known answers, on the device
 * - normals: absolute error at most 1e-6 over a million words, and for every pair of radius words 0, 1, 2^k, 2^k - 1 and
 *   2^32 - 1 (the tails) and angle words at every quadrant's ends and middle; the largest normal lies beyond 6.75
 * - streams: words and normals of a slab stand where the reference has them, in all three orders
 * - 4 million normals: moments to order 8, Kolmogorov-Smirnov, tails beyond 3, 4 and 5, correlations of neighbours in a
 *   block, of blocks, of rows and of trials within 4.5 standard errors; a control finds normals that are slightly too
 *   wide, shifted, cut at 4, rounded to 1/128, or repeated
 * - designs: every entry sits at its address, for columns 1..5, 16, 17, both layouts, a first row other than 0, a first
 *   trial other than 0; padding is zero
 * - label noise: is added, scaled, at rows that are no multiple of 4, and leaves the padding alone
 * - truth: Gaussian entries, unit norm on the sphere, padding zero
 */

const context = useGpu();
const KEY = { seed_low: 11, seed_high: 22, unit: 33, generation: 44 };
const key = [11, 22, 33, 44] as const;

async function evaluate(inputs: Uint32Array<ArrayBuffer>) {
  const count = inputs.length / 8;
  const { words, normals } = await runOnce(context.gpu, context.launcher, knownAnswer, {
    buffers: { inputs, words: new Uint32Array(4 * count), normals: new Float32Array(4 * count) },
    launch: { count },
    groups: Math.ceil(count / 64),
  });
  return { words: new Uint32Array(words), normals: new Float32Array(normals) };
}

describe('random numbers', () => {
  it("gives Random123's known answers", async () => {
    const pi = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0x082efa98, 0xec4e6c89];
    const inputs = Uint32Array.from([...new Array(8).fill(0), ...new Array(8).fill(0xffffffff), ...pi]);
    const { words } = await evaluate(inputs);
    expect([...words]).toEqual([
      0x9c6ca96a, 0xe17eae66, 0xfc10ecd4, 0x5256a7d8, 0x2a881696, 0x57012287, 0xf6c7446e, 0xa16a6732, 0x59cd1dbb,
      0xb8879579, 0x86b5d00c, 0xac8b6d84,
    ]);
  });

  it('transforms words to normals within 1e-6', async () => {
    const words = new Uint32Array(2 ** 20).map((_, i) => Math.imul(i, 0x85ebca6b) ^ (i << 9));
    expect(await transformError(words)).toBeLessThan(1e-6);
  });

  it('reaches the tails beyond 6.7, within 1e-6', async () => {
    const radii = [0, 0xffffffff, ...Array.from({ length: 32 }, (_, k) => [2 ** k, 2 ** k - 1]).flat()];
    const angles = [0, 1, 2, 3].flatMap((quadrant) =>
      [0, 64, 0x1fffffc0, 0x20000000, 0x3fffffc0].map((angle) => quadrant * 2 ** 30 + angle),
    );
    const words = Uint32Array.from(radii.flatMap((radius) => angles.flatMap((angle) => [radius, angle])));
    expect(await transformError(words)).toBeLessThan(1e-6);
    // Radii that are off by most, at many angles, and a pair whose normal is 1.08e-6 off without care for the last bit.
    const hard = [24, 72, 120, 167].flatMap((radius) =>
      Array.from({ length: 2 ** 14 }, (_, i) => [radius, Math.imul(i, 0x40010)]),
    );
    expect(await transformError(Uint32Array.from([...hard.flat(), 72, 0xaeb3c0, 72, 0xaeb3c0]))).toBeLessThan(1e-6);
    const normals = await transform(words);
    expect(Math.max(...normals)).toBeGreaterThan(6.75);
    expect(Math.min(...normals)).toBeLessThan(-6.75);
  });

  it.each(['trial', 'row', 'column'] as const)('has every number of a stream by %s at its address', async (order) => {
    for (const normals of [false, true]) {
      const stream = await slab(order, 3, normals);
      const floats = new Float32Array(stream.buffer);
      for (let at = 0; at < SLAB.words; at += 4093) {
        const [line, column] =
          order === 'column' ? [at >> 10, at & 1023] : [at % SLAB.lines, Math.floor(at / SLAB.lines)];
        const [trial, row] = order === 'trial' ? [line, 3] : [3, line];
        const words = threefry4x32([trial, row, column >> 2, Purpose.design], key);
        if (normals) expect(Math.abs(floats[at]! - standardNormals(words)[column & 3]!)).toBeLessThan(1e-6);
        else expect(stream[at]).toBe(words[column & 3]);
      }
    }
  });

  it('draws normals without a flaw that 4 million of them would show', async () => {
    const byRow = new Float32Array((await slab('row', 5, true)).buffer);
    const byTrial = new Float32Array((await slab('trial', 5, true)).buffer);
    for (const normals of [byRow, byTrial])
      for (const [name, score] of normalScores(normals)) expect(Math.abs(score), name).toBeLessThan(4.5);
    const spoilt: Record<string, (z: number, i: number) => number> = {
      'too wide': (z) => 1.002 * z,
      shifted: (z) => z + 0.003,
      'without tails': (z) => Math.max(-4, Math.min(4, z)),
      rounded: (z) => Math.round(128 * z) / 128,
      'one line of a hundred repeated': (z, i) => (i % 100 === 1 ? byRow[i - 1]! : z),
    };
    for (const [name, spoil] of Object.entries(spoilt)) {
      const worst = Math.max(...normalScores(byRow.map(spoil)).map(([, score]) => Math.abs(score)));
      expect(worst, name).toBeGreaterThan(4.5);
    }
  });
});

/** Normals of words, four by four. The count is a multiple of 4. */
async function transform(words: Uint32Array<ArrayBuffer>): Promise<Float32Array> {
  const count = words.length / 4;
  const { normals } = await runOnce(context.gpu, context.launcher, normalTransform, {
    buffers: { words, normals: new Float32Array(words.length) },
    launch: { count },
    groups: Math.ceil(count / 64),
  });
  return new Float32Array(normals);
}

async function transformError(words: Uint32Array<ArrayBuffer>): Promise<number> {
  const normals = await transform(words);
  let worst = 0;
  for (let i = 0; i < words.length; i += 4) {
    const z = standardNormals([words[i]!, words[i + 1]!, words[i + 2]!, words[i + 3]!]);
    // Written so that NaN counts as an error.
    for (let k = 0; k < 4; k++)
      if (!(Math.abs(normals[i + k]! - z[k]!) <= worst)) worst = Math.abs(normals[i + k]! - z[k]!);
  }
  return worst;
}

async function slab(order: StreamOrder, number: number, normals: boolean): Promise<Uint32Array<ArrayBuffer>> {
  const { stream } = await runOnce(context.gpu, context.launcher, randomStream, {
    buffers: { stream: new Uint32Array(SLAB.words) },
    launch: { ...KEY, slab: number },
    groups: SLAB.groups,
    firstTrial: order === 'trial' ? 0 : number,
    constants: { ORDER: StreamOrder[order], NORMALS: normals },
  });
  return new Uint32Array(stream);
}

describe('designs', () => {
  it.each([
    [1, 1],
    [2, 3],
    [3, 5],
    [4, 4],
    [5, 7],
    [16, 9],
    [17, 33],
  ])('has every entry at its address: %i columns, %i rows', async (columns, rows) => {
    const scale = Float32Array.from({ length: columns }, (_, j) => 1 + j);
    for (const transposed of [false, true]) {
      const stride = 16 * Math.ceil((transposed ? rows : columns) / 16);
      const depth = transposed ? columns : rows;
      const items = transposed ? stride * Math.ceil(columns / 4) : (rows * stride) / 4;
      const trials = 2;
      const filled = new Float32Array(trials * depth * stride).fill(7);
      const { design } = await runOnce(context.gpu, context.launcher, gaussianDesign, {
        buffers: { scale, design: filled },
        launch: {
          ...KEY,
          first_row: 8,
          rows,
          into: 0,
          held: rows,
          covered: stride,
          columns,
          stride,
          scale_offset: 0,
          factor: 1,
        },
        groups: Math.ceil(items / 64),
        trials,
        firstTrial: 5,
        constants: { TRANSPOSED: transposed },
      });
      const got = new Float32Array(design);
      for (let trial = 0; trial < trials; trial++)
        for (let outer = 0; outer < depth; outer++)
          for (let inner = 0; inner < stride; inner++) {
            const [row, column] = transposed ? [inner, outer] : [outer, inner];
            const inside = row < rows && column < columns;
            const z = inside ? normalsAt(key, 5 + trial, 8 + row, column >> 2, Purpose.design)[column & 3]! : 0;
            const value = got[(trial * depth + outer) * stride + inner]!;
            expect(Math.abs(value - z * (1 + column))).toBeLessThanOrEqual(inside ? 1.1e-6 * (1 + column) : 0);
          }
    }
  });

  it.each([false, true])('puts rows of two draws into one matrix, transposed: %s', async (transposed) => {
    const [columns, stride, scale] = [5, 16, Float32Array.from({ length: 10 }, (_, j) => 1 + j)];
    const rows = 7;
    let matrix = new Float32Array((transposed ? columns : rows) * stride).fill(7);
    const parts = [
      { first_row: 3, rows: 3, into: 0, covered: 3, scale_offset: 0, factor: 0.5 },
      { first_row: 9, rows: 4, into: 3, covered: stride - 3, scale_offset: 5, factor: 2 },
    ];
    for (const part of parts) {
      const { design } = await runOnce(context.gpu, context.launcher, gaussianDesign, {
        buffers: { scale, design: matrix },
        launch: { ...KEY, ...part, held: rows, columns, stride },
        groups: 4,
        constants: { TRANSPOSED: transposed },
      });
      matrix = new Float32Array(design);
    }
    const at = (row: number, column: number) => matrix[transposed ? column * stride + row : row * stride + column]!;
    for (const { first_row, rows: count, into, scale_offset, factor } of parts)
      for (let row = 0; row < count; row++)
        for (let column = 0; column < columns; column++) {
          const z = normalsAt(key, 0, first_row + row, column >> 2, Purpose.design)[column & 3]!;
          const expected = factor * scale[scale_offset + column]! * z;
          expect(Math.abs(at(into + row, column) - expected)).toBeLessThan(1e-6 * 20);
        }
    if (transposed) for (let row = rows; row < stride; row++) expect(at(row, 0)).toBe(0);
  });

  it.each([4, 5, 7])('adds label noise from row %i on and nowhere else', async (first) => {
    const [rows, stride, offset] = [6, 8, 16];
    const { labels } = await runOnce(context.gpu, context.launcher, labelNoise, {
      buffers: { labels: new Float32Array(offset + 2 * stride).fill(3) },
      launch: { ...KEY, first_row: first, rows, stride, offset, layer: 0, noise: 0.5 },
      groups: 1,
      trials: 2,
      firstTrial: 9,
    });
    new Float32Array(labels).forEach((value, i) => {
      const trial = Math.floor((i - offset) / stride);
      const row = (i - offset) % stride;
      const at = first + row;
      const z = i >= offset && row < rows ? normalsAt(key, 9 + trial, at >> 2, 0, Purpose.noise)[at & 3]! : 0;
      expect(Math.abs(value - (3 + 0.5 * z))).toBeLessThan(1e-6);
    });
  });

  it.each([1, 3, 16, 300])('draws the truth of dimension %i', async (columns) => {
    const stride = 16 * Math.ceil(columns / 16);
    for (const sphere of [false, true]) {
      const { models } = await runOnce(context.gpu, context.launcher, truth, {
        buffers: { models: new Float32Array(2 * stride).fill(9) },
        launch: { ...KEY, columns, stride, size: 2.5 },
        groups: 1,
        trials: 2,
        firstTrial: 1,
        constants: { SPHERE: sphere },
      });
      const w = new Float32Array(models);
      for (let trial = 0; trial < 2; trial++) {
        const g = Array.from(
          { length: columns },
          (_, j) => normalsAt(key, 1 + trial, 0, j >> 2, Purpose.truth)[j & 3]!,
        );
        const norm = sphere ? Math.sqrt(g.reduce((sum, x) => sum + x * x, 0)) : 1;
        for (let j = 0; j < stride; j++)
          expect(Math.abs(w[trial * stride + j]! - (j < columns ? (2.5 * g[j]!) / norm : 0))).toBeLessThan(1e-5);
      }
    }
  });
});
