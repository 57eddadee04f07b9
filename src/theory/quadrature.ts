import { normalDensity } from '../reference/normal-law.ts';

export interface Node {
  readonly node: number;
  readonly weight: number;
}

/** Nodes and weights of Gauss and Legendre on (0, 1): zeros of the Legendre polynomial by Newton's method from the usual guess. */
export function gaussLegendre(order: number): readonly Node[] {
  return Array.from({ length: order }, (_, k) => {
    let x = Math.cos((Math.PI * (k + 0.75)) / (order + 0.5));
    let slope = 1;
    for (let step = 0; step < 8; step++) {
      let before = 1;
      let value = x;
      for (let n = 2; n <= order; n++) [before, value] = [value, ((2 * n - 1) * x * value - (n - 1) * before) / n];
      slope = (order * (x * value - before)) / (x * x - 1);
      x -= value / slope;
    }
    return { node: (1 - x) / 2, weight: 1 / ((1 - x * x) * slope * slope) };
  });
}

/** Where an integrand turns within a width: as a sigmoid or a distribution function, or at once (width 0). */
export interface Turn {
  readonly at: number;
  readonly width: number;
}

/** Nothing turns faster: below it a turn is a jump. */
const LEAST_WIDTH = 1e-9;

/**
 * Ends of panels from `from` to `to`, none wider than `widest`: about a turn the first on either side has its width, and the next ones double
 * theirs, so that no panel is much wider than it is far from the turn. None where there is nothing between the two.
 */
export function panelEnds(from: number, to: number, widest: number, turns: readonly Turn[]): readonly number[] {
  if (!(to > from)) return [];
  const ends = [from, to];
  for (const { at, width } of turns) {
    ends.push(at);
    if (width > LEAST_WIDTH) for (let reach = width; reach < widest; reach *= 2) ends.push(at - reach, at + reach);
  }
  const inside = [...new Set(ends.filter((end) => end >= from && end <= to))].sort((a, b) => a - b);
  return inside.flatMap((end, k) => {
    if (k === 0) return [end];
    const before = inside[k - 1]!;
    const count = Math.ceil((end - before) / widest);
    return Array.from({ length: count }, (_, i) => before + ((i + 1) * (end - before)) / count);
  });
}

/** Nodes of an integral over these panels against the normal density about `mean`, each with its weight, of which the density is a part; in order. */
export function normalNodes(
  rule: readonly Node[],
  ends: readonly number[],
  mean: number,
): readonly (readonly [at: number, weight: number])[] {
  const found: [number, number][] = [];
  for (let k = 1; k < ends.length; k++) {
    const [start, width] = [ends[k - 1]!, ends[k]! - ends[k - 1]!];
    for (const { node, weight } of rule) {
      const at = start + width * node;
      found.push([at, width * weight * normalDensity(at - mean)]);
    }
  }
  return found;
}
