import { groupedInteger } from '../report/labels.ts';
import type { State } from './store.ts';

/** What a run is doing, in a sentence that changes with every batch. */
export function progressText({ run, experiment }: State): string {
  if (!run || !experiment) return '';
  const { batch, status, end } = run;
  if (status === 'refused') return '';
  if (status === 'ended') return endText(end?.outcome ?? 'broken', end?.error ?? null);
  if (!batch) return 'Preparing the kernels…';
  const { trialsDone, trialsTotal, trialsPerSecond, secondsLeft } = batch;
  const parts = [
    `${groupedInteger(trialsDone)} of ${groupedInteger(trialsTotal)} trials`,
    `${rateText(trialsPerSecond)} trials/s`,
    status === 'stopping' ? 'finishing the batch under way' : `${durationText(secondsLeft)} left`,
  ];
  return parts.join(' · ');
}

function endText(outcome: 'complete' | 'stopped' | 'broken', error: string | null): string {
  switch (outcome) {
    case 'complete':
      return 'All trials are done. More trials make the bars shorter: raise their number and run again to add to these.';
    case 'stopped':
      return 'Stopped. What was finished is below; Run goes on from there.';
    case 'broken':
      return `The run broke: ${error}. What was finished is below; Run goes on from there.`;
    default:
      return outcome satisfies never;
  }
}

/** What the search for the best ridge is doing. */
export function ridgeText({ ridges }: State): string {
  if (!ridges) return '';
  const { status, reports, message } = ridges;
  if (status === 'refused') return message ?? 'The search broke off.';
  if (status === 'stopping') return 'Finishing the batch under way…';
  if (status === 'running')
    return reports ? 'Simulating ridges; theory’s are below…' : 'Working out the best ridge by theory…';
  return message ?? 'The best ridges are below.';
}

/** The same for those who listen: changes at each quarter, not at each batch. */
export function announcement({ run }: State): string {
  if (!run) return '';
  if (run.status === 'ended') return run.end?.outcome === 'complete' ? 'All trials are done.' : 'The run has ended.';
  if (run.status === 'refused') return 'The run cannot begin.';
  const { trialsDone, trialsTotal } = run.batch ?? { trialsDone: 0, trialsTotal: 1 };
  const quarters = Math.floor((4 * trialsDone) / trialsTotal);
  return quarters === 0 ? 'The run has begun.' : `${25 * quarters} percent of the trials are done.`;
}

/** Trials that failed numerically, summed over cells; empty if there are no results. */
export function failedText({ run }: State): string {
  const cells = run?.panels.flatMap((panel) => panel.cells) ?? [];
  if (cells.length === 0) return '';
  const failed = cells.reduce((sum, cell) => sum + cell.failed, 0);
  const all = failed + cells.reduce((sum, cell) => sum + cell.trials, 0);
  return `Failed trials: ${groupedInteger(failed)} of ${groupedInteger(all)}, counted over all cells.`;
}

const rateText = (perSecond: number) =>
  perSecond >= 100 ? groupedInteger(Math.round(perSecond)) : perSecond.toPrecision(2);

function durationText(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  return seconds < 3600 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
