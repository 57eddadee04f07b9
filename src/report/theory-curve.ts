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

/** Steps of a theory line from end to end of the x axis, besides the cells' own places. */
const STEPS = 160;

type At = Readonly<Record<string, number>>;

/**
 * The theory of a panel along x, finer than its cells: `predict` is asked for places between them too. Counts (samples,
 * generations) stay integers.
 */
export function theoryCurve(panel: Panel, predict: (at: At) => Prediction | null): readonly TheoryPoint[] {
  return [...theoryPoints(panel, predict)];
}

/** The same one by one: those of many series take seconds. */
export function* theoryPoints(panel: Panel, predict: (at: At) => Prediction | null): Generator<TheoryPoint, void> {
  const layout = layoutOf(panel);
  const xs = fineGrid(layout);
  for (const place of onePlacePerSeries(panel, layout))
    for (const x of xs) {
      const prediction = predictedTerm(predict({ ...place, [layout.x.path]: x }), panel.y);
      const { value = Number.NaN, leading = undefined } = prediction?.kind === 'value' ? prediction : {};
      const asymptote = layout.x.path === 'dimension' && leading !== undefined ? { leading } : {};
      yield { x, y: value, series: seriesOf(layout, place), ...asymptote };
    }
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
