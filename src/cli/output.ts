import type { Experiment } from '../experiment/experiment.ts';
import type { Results } from '../experiment/results.ts';
import { regimes } from '../regimes/index.ts';
import { outlooks, predictor, scalingPredictor } from '../regimes/predict.ts';
import { checkResults } from '../report/check.ts';
import { failureLines } from '../report/failure-words.ts';
import type { FigureInput } from '../report/figure.ts';
import { checkFits } from '../report/fit-check.ts';
import { crossoverLines, fitTable } from '../report/fit-words.ts';
import { checkPrinted } from '../report/printed.ts';
import { type Sensitivity, sensitivities, sensitivityLines } from '../report/sensitivity.ts';
import { printedTable, tableOf } from '../report/table.ts';
import { theoryCurve } from '../report/theory-curve.ts';
import { type FullReport, fullReport, reasonLines, verdictLine, verdictLines } from '../report/verdicts.ts';

/** One figure for each panel that has something to draw along x. */
export function figuresOf(experiment: Experiment, results: Results): readonly FigureInput[] {
  return experiment.panels.flatMap((panel, i) => {
    if (panel.figure === null) return [];
    const single = experiment.panels.length === 1;
    return {
      title: single ? experiment.title : `${experiment.title}: ${panel.name}`,
      panel,
      cells: results.panels[i]!.cells,
      theory: theoryCurve(panel, predictor(panel, regimes)),
      fits: results.panels[i]!.fits,
      provenance: results.manifest,
    };
  });
}

/** The verdicts, and what they would have noticed. */
export interface CheckedRun extends FullReport {
  readonly sensitivity: readonly Sensitivity[];
}

/** Holds results against theory worked out afresh from the experiment, and against the values it quotes from print. */
export function checkAgainstTheory(experiment: Experiment, results: Results): CheckedRun {
  const predictors = new Map(experiment.panels.map((panel) => [panel.name, predictor(panel, regimes)]));
  const known = new Map(experiment.panels.map((panel) => [panel.name, outlooks(panel, regimes)]));
  const theory = checkResults(
    results,
    (panel, at) => predictors.get(panel)!(at),
    (panel, at) => known.get(panel)!(at),
  );
  const fits = checkFits(experiment.panels, results.panels, (panel) => scalingPredictor(panel, regimes));
  const report = fullReport(theory, checkPrinted(experiment.panels, results.panels), fits);
  return { ...report, sensitivity: sensitivities(report.cells) };
}

/** The table with its verdict on every cell, the printed values with theirs, and the sum of the verdicts. */
export function tableText(experiment: Experiment, results: Results): string {
  const report = checkAgainstTheory(experiment, results);
  const printed = report.printed.length === 0 ? '' : `\n${printedTable(report.printed)}`;
  const lines = crossoverLines(report.fits).map((line) => `${line}\n`);
  const fits = report.fits.length === 0 ? '' : `\n${fitTable(report.fits)}${lines.join('')}`;
  const panels = report.panels.length > 1 || printed !== '' ? `${verdictLines(report).join('\n')}\n` : '';
  const remarks = [...failureLines(results), ...reasonLines(report)].map((line) => `${line}\n`);
  const notes = remarks.length === 0 ? '' : `\n${remarks.join('')}`;
  const noticed = sensitivityLines(report.sensitivity).map((line) => `${line}\n`);
  const sums = `${panels}${noticed.join('')}${independenceLine(results)}${verdictLine(report)}`;
  return `${tableOf(results.panels, report)}${printed}${fits}${notes}\n${sums}\n`;
}

/** Cells that share draws are not independent tests. */
function independenceLine({ manifest: { independence } }: Results): string {
  if (independence === undefined) return '';
  const { tests, independent } = independence;
  return `${tests} cells that vary, about ${Math.round(independent)} independent: cells on the same draws err together.\n`;
}
