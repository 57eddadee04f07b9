import type { Drawing, Tick } from './figure-layout.ts';
import { type AxisScale, shareOf } from './scale.ts';
import { round, svgElement } from './svg-text.ts';

/** Theory thin and full, the simulation broad and pale behind it, a rule dotted. */
const LOOKS = {
  theory: { 'stroke-width': 1.6 },
  simulation: { 'stroke-width': 6, 'stroke-opacity': 0.4 },
  rule: { 'stroke-width': 1.8, 'stroke-dasharray': '2 2' },
} as const;

/** Upright ticks across the curves, in their colours; those outside the axes are left out. */
export function tickLines(drawing: Drawing, ticks: readonly Tick[], document: Document): readonly SVGElement[] {
  const { fontSize, margin, width, height, x, y } = drawing;
  const half = 1.1 * fontSize;
  return drawing.series.flatMap(({ key, style }) =>
    ticks
      .filter((tick) => tick.series === key && isInside(x, tick.x) && isInside(y, tick.y))
      .map((tick) => {
        const left = margin.left + shareOf(x, tick.x) * (width - margin.left - margin.right);
        const middle = height - margin.bottom - shareOf(y, tick.y) * (height - margin.top - margin.bottom);
        const [top, bottom] = [Math.max(middle - half, margin.top), Math.min(middle + half, height - margin.bottom)];
        const d = `M${round(left)},${round(top)}V${round(bottom)}`;
        const look = { class: `tick-${tick.kind}`, fill: 'none', stroke: style.color, ...LOOKS[tick.kind] };
        return svgElement(document, 'path', { d, ...look });
      }),
  );
}

const isInside = ({ domain: [low, high] }: AxisScale, value: number) => value >= low && value <= high;
