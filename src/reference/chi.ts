import { Purpose, type StreamKey, standardNormals } from './normal.ts';
import { threefry4x32 } from './threefry.ts';

/**
 * Two independent chi-distributed numbers by address, `freedom[i]` degrees of freedom each: the f64 twin of
 * shaders/random/chi.wgsl, on the same integers and with the same decisions except where rounding tips one (see there).
 */
export function chiPairAt(
  key: StreamKey,
  trial: number,
  index: number,
  freedom: readonly [number, number],
): [number, number] {
  const chi: [number, number] = [-1, -1];
  for (let attempt = 0; chi[0] < 0 || chi[1] < 0; attempt++) {
    const words = threefry4x32([trial, index, attempt, Purpose.chi], key);
    const x = standardNormals(words);
    for (const i of [0, 1] as const) if (chi[i] < 0) chi[i] = chiProposal(freedom[i], x[i], words[2 + i]!);
  }
  return chi;
}

/** Marsaglia and Tsang's proposal for k degrees of freedom from a normal x; -1 if the random word rejects it. */
export function chiProposal(k: number, x: number, word: number): number {
  if (k < 2) return k === 0 ? 0 : Math.abs(x);
  const y = x / Math.sqrt(4.5 * k - 3);
  if (1 + y < 1e-6) return -1;
  const t = (x * x * y * y * shape(y)) / 3;
  const exponential = -Math.log1p(-Math.max(word, 0.5) * 2 ** -32);
  return exponential < t ? -1 : Math.sqrt((k - 2 / 3) * (1 + y) ** 3);
}

/** (y - y^2/2 + y^3/3 - ln(1 + y)) / y^4, by its series where the difference would lose its digits. */
function shape(y: number): number {
  if (Math.abs(y) > 0.02) return (y - y ** 2 / 2 + y ** 3 / 3 - Math.log1p(y)) / y ** 4;
  let sum = 0;
  for (let n = 12; n >= 4; n--) sum = 1 / n - y * sum;
  return sum;
}
