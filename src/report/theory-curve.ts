import type { Panel } from '../experiment/experiment.ts';
import { type Prediction, predictedTerm } from '../theory/prediction.ts';
import { labelOf } from './labels.ts';
import { type FigureLayout, layoutOf, seriesOf } from './series.ts';

/** One point of the dashed line; `series` as `seriesOf` names it. NaN or infinity breaks the line. */
export interface TheoryPoint {
  readonly x: number;
  readonly y: number;
  readonly series: string | null;
  /** The theory to leading order, where x is the dimension: there its distance is what there is to see. */
  readonly leading?: number | undefined;
}

/** Most steps of a theory line from end to end of the x axis, besides the cells' own places. */
const STEPS = 160;

/** Steps that are as long as a line may leave out without a look between, however straight it is. */
const LONGEST = 10;

/** Relative distance from its chord at which a line counts as straight. */
const STRAIGHT = 0.003;

type At = Readonly<Record<string, number>>;

/**
 * The theory of a panel along x, finer than its cells: `predict` is asked for places between them too, more of them where the line
 * bends. Counts (samples, generations) stay integers.
 */
export function theoryCurve(panel: Panel, predict: (at: At) => Prediction | null): readonly TheoryPoint[] {
  return [...theoryPoints(panel, predict)];
}

/** The same one by one: those of many series take seconds. */
export function* theoryPoints(panel: Panel, predict: (at: At) => Prediction | null): Generator<TheoryPoint, void> {
  const layout = layoutOf(panel);
  const xs = fineGrid(layout);
  for (const place of onePlacePerSeries(panel, layout))
    yield* refined(xs, new Set(layout.x.values), (x) => {
      const prediction = predictedTerm(predict({ ...place, [layout.x.path]: x }), panel.y);
      const { value = Number.NaN, leading = undefined } = prediction?.kind === 'value' ? prediction : {};
      const asymptote = layout.x.path === 'dimension' && leading !== undefined ? { leading } : {};
      return { x, y: value, series: seriesOf(layout, place), ...asymptote };
    });
}

/**
 * Points of a line from left to right: the places that are wanted, and of the others as many as it takes to draw it. Between two
 * places the middle one is looked at; where it is on the line between them and they are near each other, nothing more is.
 */
function* refined(
  xs: readonly number[],
  wanted: ReadonlySet<number>,
  pointAt: (x: number) => TheoryPoint,
): Generator<TheoryPoint, void> {
  let from = { at: 0, point: pointAt(xs[0]!) };
  yield from.point;
  // Places to the right of `from` that are known, the nearest last.
  const ahead = [...xs.keys()].filter((at) => at > 0 && (wanted.has(xs[at]!) || at === xs.length - 1)).reverse();
  const known = new Map<number, TheoryPoint>();
  const at = (place: number) => {
    const point = known.get(place) ?? pointAt(xs[place]!);
    known.set(place, point);
    return point;
  };
  for (let next = ahead.at(-1); next !== undefined; next = ahead.at(-1)) {
    const middle = (from.at + next) >> 1;
    const done = middle === from.at || (next - from.at <= LONGEST && isStraight(from.point, at(middle), at(next)));
    if (!done) {
      ahead.push(middle);
      continue;
    }
    ahead.pop();
    from = { at: next, point: at(next) };
    yield from.point;
  }
}

/** Whether a place halfway is on the line between two others, of values or of their logarithms; where none has a value, too. */
function isStraight(a: TheoryPoint, middle: TheoryPoint, b: TheoryPoint): boolean {
  const near = (y: number, chord: number) => Math.abs(y - chord) <= STRAIGHT * Math.abs(y);
  const all = [a, middle, b];
  if (all.every(({ y }) => !Number.isFinite(y))) return true;
  return near(middle.y, (a.y + b.y) / 2) && (!(a.y > 0 && b.y > 0) || near(middle.y, Math.sqrt(a.y * b.y)));
}

function onePlacePerSeries(panel: Panel, layout: FigureLayout): readonly At[] {
  return [...new Map(panel.cells.map(({ at }) => [seriesOf(layout, at), at])).values()];
}

function fineGrid({ x: { path, values, spacing } }: FigureLayout): readonly number[] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const log = spacing !== 'linear' && low > 0;
  const between = (share: number) => (log ? low * (high / low) ** share : low + share * (high - low));
  const fine = Array.from({ length: STEPS - 1 }, (_, i) => between((i + 1) / STEPS));
  const integer = labelOf(path).integer ?? values.every(Number.isInteger);
  // Samples in proportion to the dimension are whole numbers at its multiples, elsewhere rounded: the line would be a saw.
  const step = path === 'dimension' ? values.reduce(commonDivisor) : 1;
  const inner = integer ? fine.map((x) => step * Math.round(x / step)) : fine;
  return [...new Set([...values, ...inner.filter((x) => x > low)])].sort((a, b) => a - b);
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
