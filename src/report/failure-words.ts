import type { Results } from '../experiment/results.ts';
import { groupedInteger } from './labels.ts';

/** Cause and next step of every status with which a trial can fail, by its name in the manifest. */
const SENTENCES: Readonly<Record<string, string>> = {
  nonPositivePivot:
    'a Gram matrix was singular to single precision: its condition is beyond 1e7 or so. A larger ridge, fewer decades of the ' +
    'spectrum, or rows further from the number of unknowns make it regular; --backend reference computes with f64.',
  nonFinite:
    'a number left the range of single precision. Scale truth and noise by one common factor, of which the error takes the square, or ' +
    'narrow the spectrum; --backend reference computes with f64.',
  overflow:
    'a test error was larger than single precision holds, so a mean without it is too small. Truth and noises nearer to each other help; ' +
    '--backend reference computes with f64.',
  separable:
    'a plane tells the labels of the trial apart, so the likelihood has no greatest value and the classifier does not exist. More samples, a shorter ' +
    'truth or a ridge above 0 give one.',
  notConverged:
    'an iteration did not reach its accuracy. A larger ridge or fewer decades of the spectrum help, and so does --sampler direct.',
};

/** One line for each status with which trials of a run failed; none where all ended well. */
export function failureLines({ manifest, panels }: Pick<Results, 'manifest' | 'panels'>): readonly string[] {
  const cells = panels.flatMap((panel) => panel.cells);
  const all = cells.reduce((sum, { trials, failed }) => sum + trials + failed, 0);
  const lines = Object.entries(manifest.statuses)
    .filter(([name, count]) => name !== 'ok' && count > 0)
    .map(([name, count]) => `${groupedInteger(count)} of ${groupedInteger(all)} trials: ${name}: ${sentenceOf(name)}`);
  if (lines.length === 0) return [];
  const hit = cells.filter(({ failed }) => failed > 0).length;
  const where = `They are in ${hit} of ${cells.length} cells, whose means and quantiles are of the other trials alone.`;
  return [...lines, where];
}

/** What became of a trial with this status. */
export function sentenceOf(status: string): string {
  return SENTENCES[status] ?? 'a status that this version does not know.';
}
