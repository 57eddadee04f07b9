import { Purpose, type StreamKey } from '../../../reference/normal.ts';
import { threefry4x32 } from '../../../reference/threefry.ts';
import { halfBits } from './shape.ts';

/** Rows that an epoch learns from, in its order, and after them those that are kept from it: the twin of shaders/networks/image-order.wgsl. */
export function epochOrder(key: StreamKey, trial: number, epoch: number, heldOut: number, rows: number): number[] {
  const kept = heldOut === 0 ? 0 : Math.floor(rows / heldOut);
  const learnt = rows - kept;
  const half = halfBits(learnt);
  const keys = [0, 1].flatMap((block) => [...threefry4x32([trial, epoch, block, Purpose.token], key)]);
  const shuffled = (x: number): number => {
    const mask = 2 ** half - 1;
    let [left, right] = [x >>> half, x & mask];
    for (const round of keys) [left, right] = [right, left ^ (mixed(right, round) & mask)];
    return ((left << half) | right) >>> 0;
  };
  return Array.from({ length: rows }, (_, i) => {
    if (i >= learnt) return (i - learnt + 1) * heldOut - 1;
    let place = shuffled(i);
    while (place >= learnt) place = shuffled(place);
    return heldOut > 1 ? place + Math.floor(place / (heldOut - 1)) : place;
  });
}

function mixed(x: number, key: number): number {
  let h = Math.imul((x + key) | 0, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
