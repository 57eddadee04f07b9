import type { FitRequest, Panel } from '../experiment/experiment.ts';
import type { FitResult } from '../experiment/results.ts';
import type { Scaling } from '../theory/scaling.ts';
import { crossingOf, crossingWithin } from './crossover.ts';
import { type Curve, curvesOf, placesOf, within } from './curves.ts';
import { excess, type TheoryAt, total } from './excess.ts';
import { judge } from './judge.ts';

/** The scaling law at a place of a panel's sweep. */
export type ScalingAt = (at: Readonly<Record<string, number>>) => Scaling | null;

/** A fit as far as theory goes, with what simulation needs to go on. */
export interface TheoryFit {
  readonly result: FitResult;
  /** The whole curve, for its crossover, and its part in the window. */
  readonly curve: Curve;
  readonly window: Curve;
}

const NOTHING = { points: 0, trials: 0, theory: null, theorem: null, slope: null, crossover: null } as const;

/** Every fit that a panel asks for, one for each curve. */
export function theoryFits(panel: Panel, scaling: ScalingAt): readonly (TheoryFit | FitResult)[] {
  const scalingAt = remembered(scaling);
  return (panel.fit ?? []).flatMap((request): readonly (TheoryFit | FitResult)[] => {
    const curves = curvesOf(panel, request);
    const { at, over, window } = request;
    if (typeof curves === 'string') return [{ ...NOTHING, at, over, window, refused: curves }];
    return curves.map((curve) => theoryFit(panel, curve, request, scalingAt));
  });
}

/** Fits of one panel share most of their places. */
function remembered(scalingAt: ScalingAt): ScalingAt {
  const known = new Map<string, Scaling | null>();
  return (at) => {
    const key = JSON.stringify(Object.entries(at).sort());
    const scaling = known.has(key) ? known.get(key)! : scalingAt(at);
    known.set(key, scaling);
    return scaling;
  };
}

function theoryFit(panel: Panel, curve: Curve, request: FitRequest, scalingAt: ScalingAt): TheoryFit {
  const window = within(curve, request.window);
  const xs = window.points.map(({ x }) => x);
  const { at } = curve;
  const points = curve.points.map(({ x }) => theoryAt(panel, curve, x, scalingAt));
  const known = points.filter((point) => point !== null);
  const inside = known.filter(({ x }) => xs.includes(x));
  const judgement =
    inside.length < xs.length ? { theory: null, theorem: null, refused: NO_LAW } : judge(inside, request.tolerance);
  const result = {
    ...NOTHING,
    at,
    over: request.over,
    window: xs.length > 0 ? ([xs[0]!, xs.at(-1)!] as const) : request.window,
    points: xs.length,
    ...judgement,
    crossover: known.length === points.length ? crossover(panel, curve, scalingAt) : null,
  };
  return { result, curve, window };
}

const NO_LAW =
  'no scaling law covers it: it takes power laws for covariance and truth, a ridge T^-l with 0 <= l < beta, generators with more than d + 1 rows';

/** The curve's theory, or what it adds to the other one, at any T. */
function theoryAt(panel: Panel, curve: Curve, x: number, scalingAt: ScalingAt): TheoryAt | null {
  const { own, base } = placesOf(panel, curve, x);
  const [scaling, below] = [scalingAt(own), base === null ? null : scalingAt(base)];
  if (scaling === null || (base !== null && below === null)) return null;
  return excess(x, scaling, below);
}

function crossover(panel: Panel, curve: Curve, scalingAt: ScalingAt): FitResult['crossover'] {
  if (curve.points.some(({ base }) => base === null)) return null;
  const ratio = (x: number) => {
    const { own, base } = placesOf(panel, curve, x);
    return total(scalingAt(own)?.terms ?? []) / total(scalingAt(base!)?.terms ?? []) - 1;
  };
  const xs = curve.points.map(({ x }) => x);
  const theory = crossingWithin(xs, ratio);
  if (theory === null) return null;
  return { theory, interpolated: crossingOf(xs, xs.map(ratio)), simulated: null };
}
