import { Purpose, type StreamKey } from '../../reference/normal.ts';
import { threefry4x32 } from '../../reference/threefry.ts';

/**
 * The first `count` of 0 .. size - 1 in random order (Fisher and Yates), as a function of key and trial: fewer of them are
 * the beginning of more. With 53 bits to a step no order is favoured by more than size^2 2^-53.
 */
export function choose(key: StreamKey, trial: number, size: number, count: number): Uint32Array {
  const moved = new Map<number, number>();
  return Uint32Array.from({ length: count }, (_, i) => {
    const [high, low] = threefry4x32([trial, i, 0, Purpose.design], key);
    const uniform = (high * 2 ** 21 + (low >>> 11)) * 2 ** -53;
    const j = i + Math.floor(uniform * (size - i));
    const chosen = moved.get(j) ?? j;
    moved.set(j, moved.get(i) ?? i);
    return chosen;
  });
}
