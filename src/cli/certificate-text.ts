import type { CertifiedJob } from '../engine/certify.ts';
import type { Misstatement } from '../engine/misstated.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { Certificate } from '../experiment/results.ts';
import { labelOf } from '../report/labels.ts';
import { aligned } from '../report/table.ts';
import { plain } from '../statistics/uncertain.ts';

/** A cell that states what its trials do not say. */
export interface MisstatedCell extends Misstatement {
  readonly panel: string;
  readonly at: Readonly<Record<string, number>>;
}

const HEAD = [
  'panel',
  'sampler',
  'cells',
  'trials',
  'errors',
  'failed',
  'farthest apart',
  'of its bound',
  'where',
  'verdict',
];

/** One line for each job. */
export function certificateRows(jobs: readonly CertifiedJob[], { panels }: Experiment): string {
  const rows = jobs.map(({ panel, sampler, cells, trials, compared, failed, worst, beyond }) => {
    const at = worst ? panels.find(({ name }) => name === panel)!.cells[worst.cell]!.at : {};
    return [
      panel,
      sampler,
      String(cells),
      String(trials.length),
      String(compared),
      String(failed),
      ...(worst && worst.ratio > 0
        ? [apart(worst), worst.ratio.toPrecision(2), whereText(at, worst.trial)]
        : [worst ? 'equal' : '–', '–', '–']),
      beyond === 0 ? '✓' : `✗ ${beyond} beyond`,
    ];
  });
  return aligned([HEAD, ...rows]);
}

/** Relative to the replay, where that is not 0. */
function apart({ recorded, replayed }: NonNullable<CertifiedJob['worst']>): string {
  const distance = Math.abs(recorded - replayed);
  return replayed === 0 ? distance.toExponential(1) : `${((100 * distance) / replayed).toExponential(1)} %`;
}

const whereText = (at: MisstatedCell['at'], trial: number): string =>
  [placeText(at), `trial ${trial}`].filter((text) => text !== '').join(', ');

const placeText = (at: MisstatedCell['at']): string =>
  Object.entries(at)
    .map(([path, value]) => `${labelOf(path).symbol} = ${plain(value)}`)
    .join(', ');

export function misstatedLines(cells: readonly MisstatedCell[]): readonly string[] {
  return cells.map(({ panel, at, statistic, stated, found }) => {
    const place = [panel, placeText(at)].filter((text) => text !== '').join(', ');
    return `${place}: ${statistic} is stated as ${stated}, the recorded trials say ${found}.`;
  });
}

export function certificateSentence({ trials, seed, compared, beyond, misstated, ratio }: Certificate): string {
  const chosen = `${trials} ${trials === 1 ? 'trial' : 'trials'} of each job, chosen by seed ${seed}, replayed in f64`;
  if (beyond === 0 && misstated === 0)
    return `${chosen}: all ${compared} test errors are ${ratio > 0 ? `within the f32 bound, at most ${ratio.toPrecision(2)} of it away` : 'equal'}. Means and medians are those of the recorded trials.\nNoted in results.json; collapse draw puts it into the captions.`;
  return `NOT CERTIFIED. ${chosen}: beyond the f32 bound ${beyond} of ${compared} test errors; cells that state what their trials do not say: ${misstated}.`;
}
