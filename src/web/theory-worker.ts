import './no-eval.ts';
import type { Panel } from '../experiment/experiment.ts';
import { parseExperiment } from '../experiment/parse.ts';
import { regimes } from '../regimes/index.ts';
import { predictor } from '../regimes/predict.ts';
import { layoutOf, seriesNames, seriesOf } from '../report/series.ts';
import { type TheoryPoint, theoryPoints } from '../report/theory-curve.ts';
import { type Prediction, predictedTerm } from '../theory/prediction.ts';
import type { PanelTheory, TheoryNews, TheoryOrder } from './messages.ts';

/*
 * The theory beside the figures, in a thread of its own: first at the cells, then the curves. A later order ends the one under way at
 * its next point; a point that takes long ends with the thread, which the page sees to.
 */

/** Milliseconds after which the next order is listened for. */
const TURN = 10;

/** Milliseconds between two pieces of news. */
const INTERVAL = 120;

let latest = 0;

addEventListener('message', ({ data }: MessageEvent<TheoryOrder>) => {
  latest = data.id;
  void work(data).catch((error: unknown) => {
    const problem = error instanceof Error ? error.message : String(error);
    postMessage({ id: data.id, panels: [], doing: null, problem } satisfies TheoryNews);
  });
});

async function work({ id, file }: TheoryOrder): Promise<void> {
  const { panels } = parseExperiment(file, regimes);
  const found: PanelTheory[] = panels.map(() => ({ points: [], silent: null }));
  let heard = performance.now();
  let told = heard;
  const tell = (doing: string | null) => {
    told = performance.now();
    postMessage({ id, panels: [...found], doing, problem: null } satisfies TheoryNews);
  };
  /** Whether to go on. */
  const turn = async (doing: string): Promise<boolean> => {
    if (performance.now() - told > INTERVAL) tell(doing);
    if (performance.now() - heard > TURN) {
      await new Promise((resolve) => setTimeout(resolve));
      heard = performance.now();
    }
    return latest === id;
  };
  tell(`Theory of ${nameOf(panels[0]!, panels)}`);
  for (const [i, panel] of panels.entries()) {
    const doing = `Theory of ${nameOf(panel, panels)}: cells`;
    for (const seen of cellsOf(panel)) {
      found[i] = seen;
      if (!(await turn(doing))) return;
    }
  }
  tell(`Theory of ${nameOf(panels[0]!, panels)}: curves`);
  for (const [i, panel] of panels.entries()) {
    if (panel.figure === null || found[i]!.points.length === 0) continue;
    const atCells = found[i]!.points;
    const names = seriesNames(panel, layoutOf(panel));
    for (const { points, series } of curvesOf(panel, atCells)) {
      found[i] = { ...found[i]!, points };
      const which = names.length > 1 ? `curve ${series + 1} of ${names.length}` : 'curve';
      if (!(await turn(`Theory of ${nameOf(panel, panels)}: ${which}`))) return;
    }
  }
  tell(null);
}

const nameOf = ({ name }: Panel, all: readonly Panel[]): string =>
  all.length > 1 ? `panel ${name}` : 'the experiment';

/** After each cell what is known so far; what has no value is counted. */
function* cellsOf(panel: Panel): Generator<PanelTheory, void> {
  const predict = predictor(panel, regimes);
  const layout = layoutOf(panel);
  const points: TheoryPoint[] = [];
  let cells = 0;
  let reason = '';
  for (const { at } of panel.cells) {
    const prediction = predictedTerm(predict(at), panel.y);
    if (prediction?.kind === 'value') {
      points.push({ x: at[layout.x.path] ?? Number.NaN, y: prediction.value, series: seriesOf(layout, at) });
    } else {
      cells += 1;
      reason ||= reasonOf(prediction);
    }
    yield { points: [...points], silent: cells > 0 ? { cells, reason } : null };
  }
}

function reasonOf(prediction: Exclude<Prediction, { readonly kind: 'value' }> | null): string {
  if (prediction === null) return 'no theorem covers these settings';
  return prediction.kind === 'no-mean' ? `there is no mean: ${prediction.reason}` : prediction.reason;
}

/** After each point all points: those of curves that are done, and the cells of the others. */
function* curvesOf(
  panel: Panel,
  atCells: readonly TheoryPoint[],
): Generator<{ readonly points: readonly TheoryPoint[]; readonly series: number }, void> {
  const done: TheoryPoint[] = [];
  let now: TheoryPoint[] = [];
  let left = atCells;
  let series = -1;
  for (const point of theoryPoints(panel, predictor(panel, regimes))) {
    if (now.length === 0 || now[0]!.series !== point.series) {
      done.push(...now);
      left = left.filter((one) => one.series !== now[0]?.series);
      now = [];
      series += 1;
    }
    now.push(point);
    yield { points: [...done, ...left], series };
  }
  yield { points: [...done, ...now], series };
}
