import type { Phase } from '../engine/phase.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { parseExperiment } from '../experiment/parse.ts';
import type { Results } from '../experiment/results.ts';
import { atOnce } from '../plan/turns.ts';
import { regimes } from '../regimes/index.ts';
import { outlooks, predictor, scalingPredictor } from '../regimes/predict.ts';
import { missingShards } from '../report/caption.ts';
import { type CheckReport, checkResults } from '../report/check.ts';
import { failureLines } from '../report/failure-words.ts';
import type { FigureInput } from '../report/figure.ts';
import { checkFits } from '../report/fit-check.ts';
import { crossoverLines, fitTable } from '../report/fit-words.ts';
import { refuseForeign } from '../report/own-results.ts';
import { checkPrinted } from '../report/printed.ts';
import { checkRelations } from '../report/relations.ts';
import { type Sensitivity, sensitivities, sensitivityLines } from '../report/sensitivity.ts';
import { printedTable, relationTable, tableOf } from '../report/table.ts';
import { type TheoryPoint, theoryPoints } from '../report/theory-curve.ts';
import { type FullReport, fullReport, reasonLines, verdictLine, verdictLines } from '../report/verdicts.ts';

/** The experiment whose results these are. Throws `ExperimentError` or `ResultsError` where they do not go together. `where` names the file. */
export function experimentOf(results: Results, where = 'results.json'): Experiment {
  const experiment = parseExperiment(results.experiment, regimes);
  refuseForeign(experiment, results, where);
  return experiment;
}

/** The lines of theory of a figure, for each panel that is drawn, by its number. */
export type TheoryLines = ReadonlyMap<number, readonly TheoryPoint[]>;

/** One figure for each panel that has something to draw along x. */
export function figuresOf(
  experiment: Experiment,
  results: Results,
  lines: TheoryLines = atOnce(theoryLines(experiment)),
): readonly FigureInput[] {
  return [...lines].map(([i, theory]) => {
    const panel = experiment.panels[i]!;
    const single = experiment.panels.length === 1;
    return {
      title: single ? experiment.title : `${experiment.title}: ${panel.name}`,
      panel,
      cells: results.panels[i]!.cells,
      theory,
      fits: results.panels[i]!.fits,
      provenance: results.manifest,
    };
  });
}

/** What figures know before anything is drawn, in steps, one for each point of a line. */
export function* theoryLines(experiment: Experiment): Generator<Phase, TheoryLines> {
  const lines = new Map<number, readonly TheoryPoint[]>();
  const total = experiment.panels.filter(({ figure }) => figure !== null).length;
  for (const [i, panel] of experiment.panels.entries()) {
    if (panel.figure === null) continue;
    const theory: TheoryPoint[] = [];
    for (const point of theoryPoints(panel, predictor(panel, regimes))) {
      theory.push(point);
      yield { kind: 'phase', phase: 'figures', done: lines.size, total };
    }
    lines.set(i, theory);
  }
  return lines;
}

/** The verdicts, and what they would have noticed. */
export interface CheckedRun extends FullReport {
  readonly sensitivity: readonly Sensitivity[];
}

/** Holds results against theory worked out afresh from the experiment, and against the values it quotes from print. */
export function checkAgainstTheory(experiment: Experiment, results: Results): CheckedRun {
  return atOnce(checkSteps(experiment, results));
}

/** The same in steps, one for each cell. */
function* checkSteps(experiment: Experiment, results: Results): Generator<Phase, CheckedRun> {
  const predictors = new Map(experiment.panels.map((panel) => [panel.name, predictor(panel, regimes)]));
  const known = new Map(experiment.panels.map((panel) => [panel.name, outlooks(panel, regimes)]));
  const checks: CheckReport[] = [];
  const total = results.panels.reduce((sum, { cells }) => sum + cells.length, 0);
  for (const { name, cells } of results.panels)
    for (const cell of cells) {
      const one = { panels: [{ name, cells: [cell] }] };
      checks.push(
        checkResults(
          one,
          (panel, at) => predictors.get(panel)!(at),
          (panel, at) => known.get(panel)!(at),
        ),
      );
      yield { kind: 'phase', phase: 'verdicts', done: checks.length, total };
    }
  const theory = { ok: checks.every(({ ok }) => ok), cells: checks.flatMap(({ cells }) => cells) };
  const fits = checkFits(experiment.panels, results.panels, (panel) => scalingPredictor(panel, regimes));
  const printed = checkPrinted(experiment.panels, results.panels);
  const report = fullReport(theory, printed, fits, checkRelations(experiment.panels, results.panels));
  return { ...report, sensitivity: sensitivities(report.cells) };
}

/** The table with its verdict on every cell, the printed values with theirs, and the sum of the verdicts. */
export function tableText(experiment: Experiment, results: Results): string {
  return atOnce(tableSteps(experiment, results));
}

/** The same in steps, one for each cell. */
export function* tableSteps(experiment: Experiment, results: Results): Generator<Phase, string> {
  const report = yield* checkSteps(experiment, results);
  const printed = report.printed.length === 0 ? '' : `\n${printedTable(report.printed)}`;
  const related = report.relations.length === 0 ? '' : `\n${relationTable(report.relations)}`;
  const lines = crossoverLines(report.fits).map((line) => `${line}\n`);
  const fits = report.fits.length === 0 ? '' : `\n${fitTable(report.fits)}${lines.join('')}`;
  const panels = report.panels.length > 1 || printed !== '' ? `${verdictLines(report).join('\n')}\n` : '';
  const remarks = [...failureLines(results), ...reasonLines(report)].map((line) => `${line}\n`);
  const notes = remarks.length === 0 ? '' : `\n${remarks.join('')}`;
  const noticed = sensitivityLines(report.sensitivity).map((line) => `${line}\n`);
  const missing = missingShards(results.manifest);
  const sums = `${missing === null ? '' : `${missing}\n`}${panels}${noticed.join('')}${independenceLine(results)}${verdictLine(report)}`;
  return `${tableOf(results.panels, report)}${printed}${related}${fits}${notes}\n${sums}\n`;
}

/** Cells that share draws are not independent tests. */
function independenceLine({ manifest: { independence } }: Results): string {
  if (independence === undefined || independence.tests < 2) return '';
  const { tests, independent } = independence;
  return `${tests} cells that vary, about ${Math.round(independent)} independent: cells on the same draws err together.\n`;
}
