import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
// @ts-expect-error a script without declarations
import { libraryPage } from '../../docs/library.mjs';
import {
  ExperimentError,
  figure,
  type JournalEntry,
  parseExperiment,
  plan,
  REFERENCE,
  run,
  theory,
} from '../../src/library/index.ts';

/*
 * Plan: the library as its docs have it (that it can be installed is tested in test/end-to-end/package.test.ts).
 * - docs/library.md is what the docstrings say
 * - a run goes on from a journal, hears an end, and refuses what is no device; a figure of a panel that is not there is refused by name
 */

const file = {
  ...{ name: 'small', regime: 'replace', dimension: 6, covariance: { kind: 'isotropic' }, generations: [0, 1] },
  ...{ generator: { samples: 20, noise: 0.2 }, downstream: { samples: 30, noise: 0.2, ridge: 0.1 }, trials: 40 },
};

it('has a page that says what the docstrings say', () => {
  expect(libraryPage(), 'node docs/library.mjs writes it').toBe(readFileSync('docs/library.md', 'utf8'));
});

describe('run', () => {
  it('goes on from a journal and hears an end', async () => {
    const experiment = parseExperiment(file);
    expect(plan(experiment)).toMatchObject([{ panel: 'main', cells: 2, trials: 40 }]);
    const entries: JournalEntry[] = [];
    const whole = await run(experiment, { journal: { past: [], append: (entry) => entries.push(entry) } });
    expect(whole.outcome).toBe('complete');
    const stopped = new AbortController();
    stopped.abort();
    const settings = { signal: stopped.signal, journal: { past: entries, append: () => {} } };
    expect((await run(experiment, settings)).results.panels).toEqual(whole.results.panels);
    const nothing = await run(experiment, { signal: stopped.signal });
    expect([nothing.outcome, nothing.results.panels[0]!.cells[0]!.trials]).toEqual(['stopped', 0]);
    expect(theory(experiment)[0]!.theory).toBeCloseTo(whole.results.panels[0]!.cells[0]!.mean!, 1);
    expect(() => figure(whole.results, { panel: 'other' })).toThrow(
      'No panel other has a figure; those with one: main.',
    );
    expect(() => figure(whole.results, { facet: 'noise' })).toThrow('No number noise varies in panel main besides x');
  });

  it('refuses what is none of its own', async () => {
    await expect(run(parseExperiment(file), { device: { ...REFERENCE } })).rejects.toThrow(TypeError);
    expect(() => parseExperiment({ ...file, dimension: -1 })).toThrow(ExperimentError);
  });
});
