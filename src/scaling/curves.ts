import type { FitRequest, Panel } from '../experiment/experiment.ts';

type At = Readonly<Record<string, number>>;

/** A curve of a panel along T, by the indices of its cells. */
export interface Curve {
  /** What tells it from the other curves: all axes but that of T. */
  readonly at: At;
  readonly path: string;
  readonly points: readonly CurvePlace[];
}

export interface CurvePlace {
  readonly x: number;
  readonly cell: number;
  /** The cell over which the excess is taken; null where the error itself is meant. */
  readonly base: number | null;
}

/** Axes along which the scaling law speaks: T, or T in proportion to a fixed dimension. */
const ALONG = ['downstream.samples', 'downstream.samples.perDimension'];

/** How far a number of the file may be from the one it means, relative to it. */
const CLOSE = 0.02;

/** The curves that are meant, each along all its T, or why there is none. */
export function curvesOf(panel: Panel, { at, over }: FitRequest): readonly Curve[] | string {
  const path = panel.axes.find((axis) => ALONG.includes(axis.path) && axis.values.length > 1)?.path;
  if (path === undefined) return 'the panel has no curve along T';
  const chosen = panel.cells.flatMap((cell, i) => (matches(cell.at, at) ? [{ ...cell, i }] : []));
  const curves = new Map<string, { at: At; points: CurvePlace[] }>();
  for (const cell of chosen) {
    const { [path]: x, ...rest } = cell.at;
    const base = over === null ? null : baseOf(panel, cell.at, over);
    if (base === cell.i) continue;
    if (base === -1) return `no cell to compare with: ${describe(over!)} is not in the panel`;
    const key = JSON.stringify(rest);
    const curve = curves.get(key) ?? { at: rest, points: [] };
    curves.set(key, curve);
    curve.points.push({ x: x!, cell: cell.i, base });
  }
  if (curves.size === 0) return `no curve at ${describe(at)}`;
  return [...curves.values()].map((curve) => ({
    ...curve,
    path,
    points: curve.points.toSorted((a, b) => a.x - b.x),
  }));
}

/** Index of the cell at the same place but for the changed numbers; -1 where there is none. */
function baseOf(panel: Panel, at: At, over: At): number {
  const wanted = { ...at, ...Object.fromEntries(Object.entries(over).filter(([path]) => Object.hasOwn(at, path))) };
  return panel.cells.findIndex((cell) => matches(cell.at, wanted));
}

/** Numbers that are not swept have one value, which the reader of the file has seen. */
function matches(at: At, wanted: At): boolean {
  return Object.entries(wanted).every(
    ([path, value]) => at[path] === undefined || Math.abs(at[path] - value) <= CLOSE * Math.abs(value),
  );
}

function describe(at: At): string {
  return Object.entries(at)
    .map(([path, value]) => `${path} = ${value}`)
    .join(', ');
}

/** A place of the curve at any T, between its points too, and that of the curve it is compared with. */
export function placesOf(panel: Panel, { at, path, points }: Curve, x: number): { own: At; base: At | null } {
  const base = points[0]?.base ?? null;
  return {
    own: { ...at, [path]: x },
    base: base === null ? null : { ...panel.cells[base]!.at, [path]: x },
  };
}

/** The points of a curve within a window, which is taken to include its ends. */
export function within(curve: Curve, window: FitRequest['window']): Curve {
  if (window === null) return curve;
  const [low, high] = [window[0] * (1 - CLOSE / 2), window[1] * (1 + CLOSE / 2)];
  return { ...curve, points: curve.points.filter(({ x }) => x >= low && x <= high) };
}
