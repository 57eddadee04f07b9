import type { PanelResult } from '../experiment/results.ts';
import { groupedInteger } from '../report/labels.ts';
import { hasTrials, isRunning, type Run, type State } from './store.ts';

/** What a run is doing, in a sentence that changes with every batch. */
export function progressText({ run, experiment }: State): string {
  if (!run || !experiment || run.status === 'refused') return '';
  if (run.status === 'ended') return endText(run);
  const { batch, phase, status } = run;
  const doing = phase === '' ? [] : [`${phase}…`];
  if (status === 'stopping') return [percentText(run), 'stopping…'].filter((part) => part !== '').join(' · ');
  if (!batch) return doing.join('');
  const left = doing.length > 0 ? doing : [`${durationText(batch.secondsLeft)} left`];
  return [percentText(run), `${rateText(batch.trialsPerSecond)} trials/s`, ...left].join(' · ');
}

/** How much of the run is done: one number, whatever a trial is counted over. */
export function percentText({ batch }: Pick<Run, 'batch'>): string {
  return batch ? `${Math.floor((100 * batch.trialsDone) / batch.trialsTotal)} %` : '';
}

function endText(run: Run): string {
  const { outcome, error, kept } = run;
  if (kept !== null) return `Results of ${new Date(kept).toLocaleString()}, kept in this browser.`;
  const below = hasTrials(run) ? 'What was finished is below; Run goes on from there.' : 'Nothing was finished.';
  switch (outcome) {
    case 'complete':
      return 'All trials are done. For shorter bars raise their number and run again: these count.';
    case 'stopped':
      return hasTrials(run) ? `Stopped. ${below}` : 'Stopped before the first batch.';
    case 'left':
      return `Left before its end. ${below}`;
    case 'broken':
    case null:
      return `${sentence(`The run broke: ${error ?? 'it gave no reason'}`)} ${below}`;
    default:
      return outcome satisfies never;
  }
}

/** With a full stop, and one only. */
export const sentence = (text: string): string => (/[.!?…]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);

/** What the search for the best ridge is doing. */
export function ridgeText({ ridges }: State): string {
  if (!ridges) return '';
  const { status, reports, message } = ridges;
  if (status === 'refused') return sentence(message ?? 'The search broke off');
  if (status === 'stopping') return 'Stopping…';
  if (status === 'running')
    return reports ? 'Simulating ridges; theory’s are below…' : 'Working out the best ridge by theory…';
  return message ?? 'The best ridges are below.';
}

/** The same for those who listen: changes at each quarter, not at each batch. */
export function announcement({ run }: State): string {
  if (!run) return '';
  if (run.status === 'ended') return run.outcome === 'complete' ? 'All trials are done.' : 'The run has ended.';
  if (run.status === 'refused') return 'The run cannot begin.';
  const { trialsDone, trialsTotal } = run.batch ?? { trialsDone: 0, trialsTotal: 1 };
  const quarters = Math.floor((4 * trialsDone) / trialsTotal);
  return quarters === 0 ? 'The run has begun.' : `${25 * quarters} percent of the trials are done.`;
}

/** What failed numerically, as a share; empty where there are no trials. */
export function failedText({ run }: State): string {
  if (!hasTrials(run)) return '';
  const cells = run!.panels.flatMap((panel) => panel.cells);
  const failed = cells.reduce((sum, cell) => sum + cell.failed, 0);
  const all = failed + cells.reduce((sum, cell) => sum + cell.trials, 0);
  if (failed === 0) return 'No trial failed.';
  return `${Number(((100 * failed) / all).toPrecision(2))} % of the trials failed; they are in no mean.`;
}

/** `1,000 trials, 88 cells`. */
export function extentText(panels: readonly PanelResult[]): string {
  const cells = panels.flatMap((panel) => panel.cells);
  const most = Math.max(0, ...cells.map(({ trials }) => trials));
  return `${groupedInteger(most)} trials, ${groupedInteger(cells.length)} cells`;
}

/** What the window is called: how far a run is, and where one is. */
export function titleText(state: State): string {
  const { experiment, run } = state;
  const done = isRunning(state) && run ? percentText(run) : '';
  return [done, experiment?.title ?? '', 'collapse-lab'].filter((part) => part !== '').join(' · ');
}

const rateText = (perSecond: number) =>
  perSecond >= 100 ? groupedInteger(Math.round(perSecond)) : perSecond.toPrecision(2);

function durationText(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  return seconds < 3600 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
