import type { RunOutcome } from '../engine/events.ts';
import { contiguous, type JournalEntry } from '../engine/journal.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { Results } from '../experiment/results.ts';
import { regimes } from '../regimes/index.ts';
import { outlooks, predictor, scalingPredictor } from '../regimes/predict.ts';
import { checkResults } from '../report/check.ts';
import { failureLines } from '../report/failure-words.ts';
import type { FigureInput } from '../report/figure.ts';
import { checkFits } from '../report/fit-check.ts';
import { crossoverLines, fitTable } from '../report/fit-words.ts';
import { type CellTrials, parquetOf } from '../report/parquet.ts';
import { checkPrinted } from '../report/printed.ts';
import { printedTable, tableOf } from '../report/table.ts';
import { theoryCurve } from '../report/theory-curve.ts';
import { type FullReport, fullReport, reasonLines, verdictLine, verdictLines } from '../report/verdicts.ts';
import { TrialStatus } from '../samplers/sampler.ts';

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

/** Holds results against theory worked out afresh from the experiment, and against the values it quotes from print. */
export function checkAgainstTheory(experiment: Experiment, results: Results): FullReport {
  const predictors = new Map(experiment.panels.map((panel) => [panel.name, predictor(panel, regimes)]));
  const known = new Map(experiment.panels.map((panel) => [panel.name, outlooks(panel, regimes)]));
  const theory = checkResults(
    results,
    (panel, at) => predictors.get(panel)!(at),
    (panel, at) => known.get(panel)!(at),
  );
  const fits = checkFits(experiment.panels, results.panels, (panel) => scalingPredictor(panel, regimes));
  return fullReport(theory, checkPrinted(experiment.panels, results.panels), fits);
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
  return `${tableOf(results.panels, report)}${printed}${fits}${notes}\n${panels}${verdictLine(report)}\n`;
}

/** `trials.parquet` out of the journal, which holds every trial. */
export function trialsFile({ jobs, results }: RunOutcome, entries: readonly JournalEntry[]): Uint8Array {
  const cells = jobs.flatMap(({ key, panel, cells: places, recipes }) => {
    const batches = contiguous(entries, key, recipes);
    return places.map((at, cell): CellTrials => {
      const part = <T extends Float64Array | Uint8Array>(all: T, count: number) => [
        ...all.subarray(cell * count, (cell + 1) * count),
      ];
      return {
        panel,
        at,
        errors: batches.flatMap(({ errors, count }) => part(errors, count)),
        statuses: batches.flatMap(({ statuses, count }) => part(statuses, count)),
      };
    });
  });
  return parquetOf(cells, results, TrialStatus);
}
