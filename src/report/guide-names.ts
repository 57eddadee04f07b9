import type { DrawnSeries } from './figure-data.ts';
import type { Guide } from './guides.ts';
import { estimatedWidth } from './svg-text.ts';

interface Pixel {
  readonly x: number;
  readonly y: number;
}

interface Frame {
  /** Pixels of a place, from the upper left corner of the frame. */
  readonly pixels: (at: Pixel) => Pixel;
  readonly width: number;
  readonly height: number;
  /** Of the names. */
  readonly fontSize: number;
}

/** Shares of a guide's length at which its name may stand, the most wanted first. */
const PLACES = Array.from({ length: 37 }, (_, i) => 0.5 + (i % 2 === 0 ? 0.025 : -0.025) * Math.ceil(i / 2));

/** How much worse it is to lie under a mark than over a point of a line. */
const MARK = 100;

/** Guides with their names where they are in nobody's way: along the line, above it or below. One that would be hidden is left to the caption. */
export function withClearNames(
  guides: readonly Guide[],
  series: readonly DrawnSeries[],
  frame: Frame,
): readonly Guide[] {
  const marks = series.flatMap((one) => [...one.marks, ...one.printed]).map(frame.pixels);
  const lines = series.flatMap(({ theory }) => along(theory.map(frame.pixels)));
  return guides.map((guide) => {
    const others = guides.filter((other) => other !== guide).flatMap(({ ends }) => along(ends.map(frame.pixels)));
    const choices = PLACES.flatMap((share) =>
      [guide.below, !guide.below].map((below) => ({ middle: placeOn(guide.ends, share), below })),
    );
    const crowds = choices.map(({ middle, below }) => {
      const box = boxOf(frame.pixels(middle), guide.label, below, frame.fontSize);
      if (box.left < 0 || box.right > frame.width || box.top < 0 || box.bottom > frame.height)
        return Number.POSITIVE_INFINITY;
      const inside = (points: readonly Pixel[]) =>
        points.filter(({ x, y }) => x > box.left && x < box.right && y > box.top && y < box.bottom).length;
      return MARK * inside(marks) + inside(lines) + inside(others);
    });
    const least = Math.min(...crowds);
    return { ...guide, ...choices[crowds.indexOf(least)]!, ...(least >= MARK ? { label: '' } : {}) };
  });
}

/** A place on a guide, which is straight in logarithms. */
function placeOn([first, last]: Guide['ends'], share: number): Pixel {
  const mean = (a: number, b: number) => a ** (1 - share) * b ** share;
  return { x: mean(first!.x, last!.x), y: mean(first!.y, last!.y) };
}

/** Pixels between points at which a line is looked at. */
const STEP = 4;

/** Points of a line at about equal distances, where it is not broken. */
function along(line: readonly Pixel[]): readonly Pixel[] {
  return line.slice(1).flatMap((to, i) => {
    const from = line[i]!;
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    const count = Number.isFinite(length) ? Math.ceil(length / STEP) : 0;
    return Array.from({ length: count }, (_, k) => ({
      x: from.x + (k / count) * (to.x - from.x),
      y: from.y + (k / count) * (to.y - from.y),
    }));
  });
}

/** Where a name is that stands at a place of its guide: as `guideNames` sets it, with room for a mark. */
function boxOf({ x, y }: Pixel, label: string, below: boolean, fontSize: number) {
  const [wide, room] = [0.85 * estimatedWidth(label, fontSize), 0.35 * fontSize];
  const centre = below ? y + fontSize : y - 0.7 * fontSize;
  const [left, right] = below ? [x - wide, x] : [x, x + wide];
  return { left: left - room, right: right + room, top: centre - fontSize, bottom: centre + 0.8 * fontSize };
}
