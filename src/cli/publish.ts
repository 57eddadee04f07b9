import { join } from 'node:path';
import type { JobRecord } from '../engine/events.ts';
import type { Maker } from '../engine/journal.ts';
import type { Phase } from '../engine/phase.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { Results } from '../experiment/results.ts';
import { figuresOf, tableSteps, theoryLines } from '../library/report.ts';
import { eventLoop, inTurns, PATIENCE_MS } from '../plan/turns.ts';
import { TrialStatus } from '../program/trials.ts';
import type { FigureWidth } from '../report/figure.ts';
import { writeAtomically, writeFigure, writeReport } from '../report/files-node.ts';
import { parquetOf } from '../report/parquet.ts';
import { resultsJson } from '../report/results-json.ts';
import { adapterName } from './device.ts';
import { Exit } from './exit.ts';
import type { ProgressLine } from './progress.ts';
import type { TheoryBeforehand } from './theory-beforehand.ts';
import { countedTrials } from './trials-file.ts';
import type { TrialsIndex } from './trials-index.ts';

interface Publishing {
  /** Results instead of the table on stdout. */
  readonly json: boolean;
  /** Of the figures; `default` where absent. */
  readonly width?: FigureWidth | undefined;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
  /** Where what takes long is told. */
  readonly line: ProgressLine;
  readonly theory?: TheoryBeforehand | null;
}

/** Writes results, table and figures into the folder and prints the table. Resolves to whether all figures were drawn. */
export async function publish(
  folder: string,
  experiment: Experiment,
  results: Results,
  { json, width, signal, say, line, theory = null }: Publishing,
): Promise<boolean> {
  await writeReport(folder, { results, figures: [] });
  const table = json ? null : await inTurns(tableSteps(experiment, results), signal, (phase) => line.show(phase));
  line.end();
  process.stdout.write(json ? resultsJson(results) : (table?.value ?? ''));
  const drawn = await drawFigures(folder, experiment, results, { width, signal, line, theory });
  line.end();
  if (results.manifest.resumed)
    say(
      'Some batches come from another device or tuning; they agree with the others within the error bounds, not bit for bit.',
    );
  if (drawn) say(`Results, table and figures are in ${folder}.`);
  else say(`Results and table are in ${folder}; collapse draw ${folder} draws the figures.`);
  return drawn;
}

/** Resolves to whether all were drawn; once stopped, those that take long are not. */
async function drawFigures(
  folder: string,
  experiment: Experiment,
  results: Results,
  { width, signal, line, theory }: Pick<Publishing, 'width' | 'signal' | 'line' | 'theory'>,
): Promise<boolean> {
  const tell = (phase: Phase) => line.show(phase);
  const lines = (await theory?.lines(tell)) ?? (await inTurns(theoryLines(experiment), signal, tell))?.value;
  if (!lines) return false;
  const start = performance.now();
  for (const figure of figuresOf(experiment, results, lines)) {
    await eventLoop();
    if (signal.aborted && performance.now() - start > PATIENCE_MS) return false;
    await writeFigure(folder, width ? { ...figure, width } : figure);
  }
  return true;
}

/** Last of all: it is the largest file and can be made again from what was stored. */
export async function writeTrials(
  folder: string,
  { jobs, results }: { readonly jobs: readonly JobRecord[]; readonly results: Results },
  index: TrialsIndex,
): Promise<void> {
  await writeAtomically(join(folder, 'trials.parquet'), parquetOf(countedTrials(jobs, index), results, TrialStatus));
}

/** Puts into the manifest who drew what was taken over, where that was anyone but its own adapter and row. */
export function withMakers(results: Results, makers: readonly Maker[]): Results {
  const { manifest } = results;
  const ours = manifest.adapter && { adapter: adapterName(manifest.adapter), tuning: manifest.tuning };
  const others = makers.filter(({ adapter, tuning }) => adapter !== ours?.adapter || tuning !== ours.tuning);
  return others.length === 0 ? results : { ...results, manifest: { ...manifest, resumed: others } };
}

/** Says so where whole cells are lost. */
export function exitOfResults({ panels }: Results): Exit {
  const lost = panels.flatMap(({ cells }) => cells).filter(({ trials, failed }) => trials === 0 && failed > 0);
  if (lost.length === 0) return Exit.ok;
  process.stderr.write(`Every trial failed in ${lost.length} of the cells: they have no results.\n`);
  return Exit.checkFailed;
}
