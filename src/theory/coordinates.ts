import { counted, type Spectrum } from './spectrum.ts';

/** A spectrum and other numbers of each of its coordinates, such as the second moments of a truth. */
export interface Coordinates {
  readonly spectrum: Spectrum;
  /** In the order of `spectrum.values`. */
  readonly columns: readonly (readonly number[])[];
}

/**
 * The same sums over coordinates from fewer of them. Coordinates that are alike in all columns become one. Where there are more than
 * 4096 others, and the columns are smooth in their number j, as powers of j are, blocks of them are replaced by a quadrature that is exact
 * for polynomials in j of degree 15 and reproduces every number of every column to 1e-12 of itself: sums of smooth functions of
 * them are then right to about as much.
 *
 * @param spectrum all eigenvalues, length d.
 * @param columns lists of length d.
 */
export function coordinatesOf(spectrum: readonly number[], ...columns: readonly (readonly number[])[]): Coordinates {
  const known = recent.find(
    (one) =>
      one.lists.length === columns.length + 1 && one.lists.every((list, i) => list === [spectrum, ...columns][i]),
  );
  if (known) return known.coordinates;
  const lists = [spectrum, ...columns];
  const picked = alike(lists) ?? (spectrum.length > MOST ? condensed(lists) : null);
  const coordinates = picked ? taken(lists, picked) : { spectrum: counted(spectrum), columns };
  recent.unshift({ lists, coordinates });
  recent.length = Math.min(recent.length, KEPT);
  return coordinates;
}

/** Coordinates up to which each stands for itself. */
const MOST = 4096;

/** The last ones: every point of a curve asks for the same. */
const recent: { readonly lists: readonly (readonly number[])[]; readonly coordinates: Coordinates }[] = [];
const KEPT = 8;

/** Which coordinates stand for how many. */
interface Picked {
  readonly at: readonly number[];
  readonly counts: readonly number[];
}

function taken(lists: readonly (readonly number[])[], { at, counts }: Picked): Coordinates {
  const [values, ...columns] = lists.map((list) => at.map((j) => list[j]!));
  return { spectrum: { values: values!, counts, dimension: lists[0]!.length }, columns };
}

/** Coordinates that differ in some column, if they are at most a quarter of all: neighbours that are alike are met first. */
function alike(lists: readonly (readonly number[])[]): Picked | null {
  const d = lists[0]!.length;
  const at: number[] = [];
  const counts: number[] = [];
  const groups = new Map<string, number>();
  for (let j = 0; j < d; j++) {
    const last = at.length - 1;
    if (last >= 0 && lists.every((list) => list[j] === list[at[last]!])) {
      counts[last]!++;
      continue;
    }
    const key = lists.map((list) => list[j]).join(' ');
    const known = groups.get(key);
    if (known !== undefined) counts[known]!++;
    else {
      groups.set(key, at.push(j) - 1);
      counts.push(1);
      if (4 * at.length > d) return null;
    }
  }
  return { at, counts };
}

/** Blocks reach half as far again as where they begin, and have so many nodes. */
const GROWTH = 1.5;
const NODES = 16;
/** Coordinates from the first on that stand for themselves. */
const PLAIN = 256;
/** What interpolation between the nodes may miss of any number, in parts of it. */
const MISSED = 1e-12;

/** Null where a column is not smooth. */
function condensed(lists: readonly (readonly number[])[]): Picked | null {
  const d = lists[0]!.length;
  const at = Array.from({ length: PLAIN }, (_, j) => j);
  const counts = at.map(() => 1);
  for (let first = PLAIN; first < d; ) {
    const end = Math.min(d, Math.ceil(first * GROWTH));
    // The last block may be short.
    const short = end - first < 4 * NODES;
    const block = short ? each(first, end) : blockOf(lists, first, end);
    if (!block) return null;
    at.push(...block.at);
    counts.push(...block.counts);
    first = end;
  }
  return { at, counts };
}

function each(first: number, end: number): Picked {
  const at = Array.from({ length: end - first }, (_, i) => first + i);
  return { at, counts: at.map(() => 1) };
}

/**
 * Nodes are the points of Chebyshev, rounded; the count of a node is the sum of its Lagrange polynomial over all coordinates of
 * the block.
 */
function blockOf(lists: readonly (readonly number[])[], first: number, end: number): Picked | null {
  const middle = (first + end - 1) / 2;
  const half = (end - 1 - first) / 2;
  const at = Array.from({ length: NODES }, (_, k) =>
    Math.round(middle - half * Math.cos((Math.PI * (2 * k + 1)) / (2 * NODES))),
  );
  const scale = at.map((a, k) => at.reduce((product, b, l) => (l === k ? product : (product * (a - b)) / half), 1));
  const counts = new Float64Array(NODES);
  const shares = new Float64Array(NODES);
  const nodes = lists.map((list) => at.map((j) => list[j]!));
  for (let j = first; j < end; j++) {
    const node = at.indexOf(j);
    if (node >= 0) {
      counts[node]!++;
      continue;
    }
    let total = 0;
    for (let k = 0; k < NODES; k++) total += shares[k] = 1 / (scale[k]! * (j - at[k]!));
    for (let k = 0; k < NODES; k++) counts[k]! += shares[k]! /= total;
    for (let l = 0; l < lists.length; l++) {
      let value = 0;
      for (let k = 0; k < NODES; k++) value += shares[k]! * nodes[l]![k]!;
      const wanted = lists[l]![j]!;
      if (!(Math.abs(value - wanted) <= MISSED * Math.abs(wanted))) return null;
    }
  }
  return counts.every((count) => count > 0) ? { at, counts: [...counts] } : null;
}
