import * as Plot from '@observablehq/plot';
import type { FitResult } from '../experiment/results.ts';
import type { DrawnSeries } from './figure-data.ts';
import { type FigureLayout, seriesOf } from './series.ts';

/** A straight line of the theorem's exponent beside a curve that was fitted. */
export interface Guide {
  readonly ends: readonly { readonly x: number; readonly y: number }[];
  readonly middle: { readonly x: number; readonly y: number };
  /** `T^{−0.6}`. */
  readonly label: string;
  /** Below the lowest curve of a figure is room, else above. */
  readonly below: boolean;
  readonly color: string;
  readonly ink: string;
}

/** How far off the curve, as a factor: near enough to belong to it, far enough to be seen. */
const OFF = 1.35;

/** One for each fit, as far as it is between two errors; only a pair of logarithmic axes makes powers straight. */
export function guidesOf(
  fits: readonly FitResult[],
  layout: FigureLayout,
  series: readonly DrawnSeries[],
  [low, high]: readonly [number, number] = [0, Number.POSITIVE_INFINITY],
): readonly Guide[] {
  return fits.flatMap((fit) => {
    const { slope, theorem, window } = fit;
    if (slope === null || theorem === null || window === null) return [];
    const one = series.find(({ key }) => key === seriesOf(layout, fit.at));
    const inside = (one?.marks ?? []).filter(({ x }) => x >= window[0] && x <= window[1]);
    if (one === undefined || inside.length === 0) return [];
    const centre = (values: readonly number[]) =>
      Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
    const curve = centre(inside.map(({ y }) => y));
    const below = isLowest(series, one, inside[Math.floor(inside.length / 2)]!.x);
    const middle = { x: centre(inside.map(({ x }) => x)), y: below ? curve / OFF : curve * OFF };
    if (middle.y < low || middle.y > high) return [];
    const ends = window.map((x) => {
      const y = middle.y * (x / middle.x) ** theorem.exponent;
      const edge = Math.min(Math.max(y, low), high);
      return edge === y ? { x, y } : { x: middle.x * (edge / middle.y) ** (1 / theorem.exponent), y: edge };
    });
    const exponent = String(Number(theorem.exponent.toFixed(3)) + 0).replace('-', '−');
    return [{ ends, middle, label: `T^{${exponent}}`, below, color: one.style.color, ink: one.style.ink }];
  });
}

function isLowest(series: readonly DrawnSeries[], one: DrawnSeries, x: number): boolean {
  const heightOf = ({ marks }: DrawnSeries) => marks.find((mark) => mark.x === x)?.y ?? Number.POSITIVE_INFINITY;
  return series.every((other) => other === one || heightOf(other) > heightOf(one));
}

export function guideLines(guides: readonly Guide[]): Plot.Markish[] {
  return guides.map(({ ends, color }) =>
    Plot.line(ends, { x: 'x', y: 'y', stroke: color, strokeWidth: 0.7, className: 'guide' }),
  );
}

/** Their powers of T, read over whatever lines run through them; marks go over them. */
export function guideNames(guides: readonly Guide[], fontSize: number): Plot.Markish[] {
  return guides.flatMap(({ middle, label, below, ink }) => {
    const textAnchor = below ? 'end' : 'start';
    const dy = (below ? 1 : -0.7) * fontSize;
    const text = { x: 'x', y: 'y', text: 'label', fontSize, dy, textAnchor } as const;
    const at = [{ ...middle, label }];
    return [
      // By itself, for the halo of a power would lie on its base.
      Plot.text(at, {
        ...text,
        fill: 'white',
        stroke: 'white',
        strokeWidth: 3,
        className: 'guide-halo',
        ariaHidden: 'true',
      }),
      Plot.text(at, { ...text, fill: ink, className: 'guide-name' }),
    ];
  });
}
