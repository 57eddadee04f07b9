import type { Panel } from '../experiment/experiment.ts';
import type { CellResult } from '../experiment/results.ts';
import type { Provenance } from './caption.ts';
import { type DrawnSeries, drawnSeries } from './figure-data.ts';
import { type FigureLayout, layoutOf, type SeriesStyle, styleOf } from './series.ts';
import type { TheoryPoint } from './theory-curve.ts';

/** A run that is drawn over another one, on the same axes. */
export interface OverlaidRun {
  readonly name: string;
  readonly panel: Panel;
  readonly cells: readonly CellResult[];
  readonly theory: readonly TheoryPoint[];
  readonly provenance: Provenance;
}

/** What tells runs apart where colours tell curves apart; from the sixth on they begin again. */
const RUN_LOOKS: readonly { readonly symbol: SeriesStyle['symbol']; readonly dash: string }[] = [
  { symbol: 'circle', dash: '5 3' },
  { symbol: 'diamond', dash: '9 2.5 1.5 2.5' },
  { symbol: 'triangle', dash: '2.5 2' },
  { symbol: 'square', dash: '7 2 1.5 2 1.5 2' },
  { symbol: 'star', dash: '12 3' },
];

export const runLook = (run: number) => RUN_LOOKS[run % RUN_LOOKS.length]!;

/** Curves of several runs, the first of which is `name`. */
export function overlaid(
  first: readonly DrawnSeries[],
  name: string,
  others: readonly OverlaidRun[],
): readonly DrawnSeries[] {
  if (others.length === 0) return first;
  const rest = others.map(({ panel, cells, theory }) => drawnSeries(panel, layoutOf(panel), cells, theory));
  const all = [first, ...rest];
  const names = [...new Set(all.flat().map((one) => one.name))];
  const runs = [name, ...others.map((other) => other.name)];
  return all.flatMap((series, run) =>
    series.map((one) => {
      const kept = run === 0 ? one : { ...one, printed: [], ...newTheory(one, all.slice(0, run).flat()) };
      // Runs of one curve each take the names and colours that curves have.
      if (names.length === 1) return { ...kept, run, name: runs[run]!, style: styleOf(run) };
      const { symbol, dash } = runLook(run);
      const style = { ...styleOf(names.indexOf(one.name)), symbol };
      return { ...kept, run, style, look: { ...one.look, dash } };
    }),
  );
}

/** A theory that an earlier run has drawn is not drawn again. */
function newTheory(
  { key, theory, leading }: DrawnSeries,
  before: readonly DrawnSeries[],
): Pick<DrawnSeries, 'theory' | 'leading'> {
  const drawn = before.some((one) => one.key === key && equalLines(one.theory, theory));
  return drawn ? { theory: [], leading: [] } : { theory, leading };
}

/** Relative distance of two theories that are one. */
const EQUAL = 1e-9;

function equalLines(a: readonly TheoryPoint[], b: readonly TheoryPoint[]): boolean {
  const near = (x: number, y: number) => Object.is(x, y) || Math.abs(x - y) <= EQUAL * Math.abs(x);
  return a.length === b.length && a.every((point, i) => near(point.x, b[i]!.x) && near(point.y, b[i]!.y));
}

/** The values along x of all runs. */
export function commonX({ x }: FigureLayout, others: readonly OverlaidRun[]): FigureLayout['x'] {
  const values = others.flatMap(({ panel }) => layoutOf(panel).x.values);
  return { ...x, values: [...new Set([...x.values, ...values])].sort((a, b) => a - b) };
}
