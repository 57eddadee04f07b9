import type { DrawnSeries } from './figure-data.ts';

/** Pixels within which two curves cannot be told apart. */
const NEAR = 1;

/** Share of the places that two curves have in common at which they must coincide to count as one. */
const MOSTLY = 0.9;

/** Fewest places that say anything. */
const FEWEST = 3;

/**
 * Curves that lie on each other, so that all of them are seen: their lines are dashed in turns, their marks lie one inside the other, the first
 * behind the others.
 *
 * @param pixels of a value along y.
 */
export function toldApart(series: readonly DrawnSeries[], pixels: (y: number) => number): readonly DrawnSeries[] {
  const lines = turnsOf(series, ({ theory }) => theory, pixels);
  const marks = turnsOf(series, (one) => one.marks, pixels);
  return series.map((one, i) => {
    const turns = lines[i]!.of === 1 ? {} : inTurns(lines[i]!);
    return { ...one, look: { ...one.look, ...turns, size: sizeOf(marks[i]!) } };
  });
}

/** Of the smallest mark of several that lie on each other, how much larger the next one is, and of the largest, in parts of a single one. */
const [SMALLEST, STEP, LARGEST] = [0.8, 0.6, 2.3];

/** Each is seen around those before it. */
function sizeOf({ place, of }: Turn): number {
  if (of === 1) return 1;
  const step = Math.min(STEP, (LARGEST - SMALLEST) / (of - 1));
  return SMALLEST + (of - 1 - place) * step;
}

interface Turn {
  readonly place: number;
  readonly of: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Which of how many that lie on each other a curve is, in the order of the series. */
function turnsOf(
  series: readonly DrawnSeries[],
  points: (one: DrawnSeries) => readonly Point[],
  pixels: (y: number) => number,
): readonly Turn[] {
  const curves = series.map((one) => new Map(points(one).map(({ x, y }) => [x, pixels(y)])));
  const group = series.map((_, i) => i);
  for (let i = 0; i < curves.length; i++)
    for (let j = 0; j < i; j++)
      if (group[j] === j && coincide(curves[i]!, curves[j]!)) group[i] = Math.min(group[i]!, j);
  return group.map((own, i) => ({
    place: group.slice(0, i).filter((other) => other === own).length,
    of: group.filter((other) => other === own).length,
  }));
}

function coincide(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): boolean {
  const both = [...a].filter(([x, y]) => Number.isFinite(y) && Number.isFinite(b.get(x) ?? Number.NaN));
  const near = both.filter(([x, y]) => Math.abs(y - b.get(x)!) < NEAR);
  return both.length >= FEWEST && near.length >= MOSTLY * both.length;
}

/** A dash and its gap, pixels, the same of all lines in turns. */
const [DASH, GAP] = [5, 3];

function inTurns({ place, of }: Turn): { readonly dash: string; readonly dashOffset: number } {
  const period = DASH + GAP;
  return { dash: `${DASH} ${of * period - DASH}`, dashOffset: place === 0 ? 0 : -place * period };
}
