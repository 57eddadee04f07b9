import * as Plot from '@observablehq/plot';
import type { Level } from '../experiment/experiment.ts';
import { captionSize, type Drawing } from './figure-layout.ts';
import { shareOf } from './scale.ts';
import { estimatedWidth } from './svg-text.ts';

/** Lines across the figure, each named at an end where fewest marks and lines run through the name. */
export function levelLines(drawing: Drawing, color: string): Plot.Markish[] {
  const { levels, x, fontSize } = drawing;
  const size = captionSize(fontSize);
  const halo = { stroke: 'white', strokeWidth: 3, fill: color } as const;
  const names = levels.map((level) => {
    const { right, above } = clearest(level, drawing);
    const place = {
      x: x.domain[right ? 1 : 0],
      y: level.y,
      dx: (right ? -0.5 : 0.5) * fontSize,
      dy: (above ? -0.7 : 0.8) * size,
    };
    const anchor = { textAnchor: right ? 'end' : 'start' } as const;
    const at = { x: () => place.x, y: () => place.y, dx: place.dx, dy: place.dy };
    return Plot.text([level.label], { ...at, ...anchor, ...halo, fontSize: size, className: 'level-name' });
  });
  return [Plot.ruleY(levels, { y: 'y', stroke: color, strokeWidth: 1, className: 'level' }), ...names];
}

interface Side {
  readonly right: boolean;
  readonly above: boolean;
}

const SIDES: readonly Side[] = [
  { right: false, above: true },
  { right: false, above: false },
  { right: true, above: true },
  { right: true, above: false },
];

/** The side with the fewest points under the name; the first of equals. A name that would leave the frame is no choice. */
function clearest(level: Level, drawing: Drawing): Side {
  const crowds = SIDES.map((side) => crowd(level, side, drawing));
  return SIDES[crowds.indexOf(Math.min(...crowds))]!;
}

function crowd({ y, label }: Level, { right, above }: Side, { x: xAxis, y: yAxis, series, ...box }: Drawing): number {
  const { fontSize, margin, width, height } = box;
  const [wide, high] = [width - margin.left - margin.right, height - margin.top - margin.bottom];
  const share = (estimatedWidth(label, captionSize(fontSize)) + fontSize) / wide;
  const tall = (1.4 * captionSize(fontSize)) / high;
  const line = shareOf(yAxis, y);
  const [low, top] = above ? [line, line + tall] : [line - tall, line];
  if (low < 0 || top > 1) return Number.POSITIVE_INFINITY;
  const points = series.flatMap(({ marks, theory, printed }) => [...marks, ...theory, ...printed]);
  return points.filter((point) => {
    const [px, py] = [shareOf(xAxis, point.x), shareOf(yAxis, point.y)];
    return (right ? px > 1 - share : px < share) && py >= low && py <= top;
  }).length;
}
