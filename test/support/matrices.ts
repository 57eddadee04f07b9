import { normalsAt, Purpose } from '../../src/reference/normal.ts';

/** Deterministic standard normals for tests, rounded to f32 so that device and reference start from the same numbers. */
export function normals(count: number, stream: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(count);
  for (let i = 0; i < count; i += 4) {
    const z = normalsAt([stream, 0, 0, 0], 0, i >> 2, 0, Purpose.design);
    for (let k = 0; k < 4 && i + k < count; k++) out[i + k] = z[k]!;
  }
  return out;
}

/** Unit round-off of f32. */
export const EPS = 2 ** -24;
