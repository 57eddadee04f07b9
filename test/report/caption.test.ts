/**
 * Plan
 * - The caption of a finished panel, word for word.
 * - Trials that differ, failures, medians, dropped cells, unfinished panels, the reference backend, software adapters.
 */
import { expect, test } from 'vitest';
import { type CaptionInput, captionOf, device } from '../../src/report/caption.ts';
import { withoutMean } from '../../src/statistics/summary.ts';
import { MANIFEST, RIDGE_PANEL, simulate } from './synthetic.ts';

const { cells } = simulate(RIDGE_PANEL);
const input: CaptionInput = { panel: RIDGE_PANEL, cells, provenance: MANIFEST, theoryDrawn: true, dropped: 0 };

test('a finished panel', () => {
  expect(captionOf(input)).toBe(
    'Marks: mean of 1,000 trials; bands: its 95 % interval. 0 of 40,000 trials failed. ' +
      'Dashed: theory, arXiv:2402.07712v2, Prop 4.5 and Cor 4.7, eq. (23). ' +
      'Sampler wishart; seed 1; NVIDIA H200; collapse-lab 0.1.0 (091705f).',
  );
});

test('an unfinished, troubled panel', () => {
  const troubled = cells
    .slice(0, 12)
    .with(0, { ...cells[0]!, ...withoutMean(cells[0]!), theory: null })
    .with(1, { ...cells[1]!, trials: 990, failed: 10 })
    .with(2, { ...cells[2]!, trials: 0, failed: 0, mean: Number.NaN, median: Number.NaN });
  const caption = captionOf({ ...input, cells: troubled, dropped: 1, theoryDrawn: false });
  expect(caption).toContain('mean of 990 to 1,000 trials;');
  expect(caption).toContain('Hollow marks: median of 1,000 trials, where the mean does not exist;');
  expect(caption).toContain('10 of 11,000 trials failed.');
  expect(caption).toContain('1 cell not positive, left out of the log axis.');
  expect(caption).toContain('11 of 40 cells so far.');
  expect(caption).not.toContain('Dashed');
});

test('sources of one paper name it once', () => {
  const from = (source: string) => ({ ...cells[0]!, theory: { value: 1, source } });
  const sources = ['P, Thm 1, exact', 'P, Thm 2', 'P, Thm 1, exact', 'Q, Thm 3', 'other'];
  expect(captionOf({ ...input, cells: sources.map(from) })).toContain(
    'Dashed: theory, P, Thm 1, exact; Thm 2; Q, Thm 3; other.',
  );
});

test('devices', () => {
  const adapter = { ...MANIFEST.adapter!, description: '', device: '', software: true };
  expect(device({ backend: 'node', adapter })).toBe('nvidia hopper (software adapter)');
  expect(device({ backend: 'reference', adapter: null })).toBe('reference backend (CPU, f64)');
  expect(captionOf({ ...input, provenance: { ...MANIFEST, commit: null } })).toMatch(/collapse-lab 0\.1\.0\.$/);
});
