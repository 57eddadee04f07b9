/**
 * Plan. Runs whose figures draw a term, by the f64 reference.
 * - A grid of small problems, equal eigenvalues and power law, T below and above d, generators with fewer and more rows than d,
 *   fresh and reused, no and three generations, by every sampler that draws it: the terms of every cell agree with theory,
 *   within 4 standard errors and its allowance, and so does the error.
 * - `variance` and `collapse` scatter less than the mere differences of errors would.
 * - A trial that fails under one of its noises has no terms, and its error counts all the same.
 * - Without `figure.y`, or with `error`, there are no terms; panels that draw different terms of one problem are drawn once.
 * - A journal without terms is not taken up by a run with them; one with terms is, whichever term is drawn.
 */
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../src/engine/backend.ts';
import type { JournalEntry } from '../../src/engine/journal.ts';
import { runPlan } from '../../src/engine/run.ts';
import { addTerms, termSamples } from '../../src/engine/term-samples.ts';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { planExperiment, REFERENCE_LIMITS } from '../../src/plan/plan.ts';
import { TrialStatus } from '../../src/program/trials.ts';
import { regimes } from '../../src/regimes/index.ts';
import { predictor } from '../../src/regimes/predict.ts';
import { checkResults } from '../../src/report/check.ts';
import { samplers } from '../../src/samplers/index.ts';

const provenance = { version: '0', commit: null, backend: 'reference', driver: '' } as const;

async function run(file: JsonObject, past: readonly JournalEntry[] = []) {
  const experiment = parseExperiment({ name: 'terms', regime: 'replace', ...file }, regimes);
  const plan = planExperiment(experiment, regimes, samplers, REFERENCE_LIMITS);
  const entries: JournalEntry[] = [];
  const journal = { past, append: (entry: JournalEntry) => entries.push(entry) };
  const { error, results } = await runPlan({ plan, regimes, backend: referenceBackend, provenance, journal });
  if (error) throw error;
  const predictors = new Map(experiment.panels.map((panel) => [panel.name, predictor(panel, regimes)]));
  return { results, entries, report: checkResults(results, (panel, at) => predictors.get(panel)!(at)) };
}

/** Generators have far fewer or far more rows than d, so that 200 trials know their own scatter: its tail is that of 1/chi^2. */
const problem: JsonObject = {
  dimension: 12,
  generator: { samples: [4, 30], noise: 0.4 },
  downstream: { samples: [8, 25], noise: 0.3, ridge: 0.05 },
  generations: [0, 3],
  trials: 200,
  figure: { y: 'variance' },
};

describe.each(['isotropic', 'power-law'])('%s', (kind) => {
  const covariance: JsonObject = kind === 'isotropic' ? { kind } : { kind, exponent: 1 };
  it.each(['fresh', 'reused'])('%s: terms agree with theory', async (design) => {
    const generator = { ...(problem.generator as JsonObject), design };
    const { report, results } = await run({ ...problem, covariance, generator, sampler: 'direct' });
    expect(report.cells).toHaveLength(4 * 8);
    expect(report.cells.filter(({ verdict }) => verdict === 'disagrees')).toEqual([]);
    expect(report.ok).toBe(true);
    // Theory says nothing of what is as small as its own allowance: a few of the smallest.
    expect(report.cells.filter(({ verdict }) => verdict === 'agrees').length).toBeGreaterThan(4 * 8 * 0.8);
    for (const cell of results.panels[0]!.cells) expect(cell.terms!.variance.sem).toBeLessThan(cell.sem);
  });
});

it.each(['wishart', 'krylov', 'bidiagonal'])('%s: terms agree with theory', async (sampler) => {
  const covariance: JsonObject =
    sampler === 'bidiagonal' ? { kind: 'isotropic' } : { kind: 'power-law', exponent: 2.5 };
  const generator = { samples: 60, noise: 0.4, design: 'reused' };
  const downstream = { samples: [80, 200], noise: 0.3, ridge: 0.3 };
  const { report } = await run({ ...problem, dimension: 40, trials: 60, covariance, generator, downstream, sampler });
  expect(report.cells.map(({ verdict }) => verdict)).toEqual(new Array(4 * 4).fill('agrees'));
});

it('growing data', async () => {
  const generator = { samples: 20, noise: 0.4 };
  const { report } = await run({ ...problem, regime: 'growing', generator });
  expect(report.cells.filter(({ verdict }) => verdict !== 'agrees')).toEqual([]);
});

it('a trial that fails under one noise has no terms', () => {
  const samples = termSamples();
  const errors = [5, 6, 1, 1, 3, 3, 3, 3, 2, 2, 2, 2];
  const variants = Array.from({ length: 6 }, (_, v) => ({
    errors: Float64Array.from(errors.slice(2 * v, 2 * v + 2)),
    statuses: Uint8Array.of(0, v === 3 ? TrialStatus.nonFinite : 0),
  }));
  addTerms(samples, variants);
  const { bias, variance, collapse } = samples;
  for (const sample of [bias, variance, collapse]) expect(sample.summary()).toMatchObject({ trials: 1, failed: 1 });
  expect([bias, variance, collapse].map((sample) => sample.summary().mean)).toEqual([1, 2, 1]);
});

describe('terms are drawn', () => {
  const small = { ...problem, trials: 20 };

  it('where a figure asks for one, leaving the error as it is', async () => {
    const asked = await run(small);
    for (const figure of [{}, { y: 'error' }] as readonly JsonObject[]) {
      const { results } = await run({ ...small, figure });
      const bare = asked.results.panels[0]!.cells.map(({ terms: _, ...cell }) => cell);
      expect(results.panels[0]!.cells).toEqual(bare);
    }
    expect(asked.results.panels[0]!.cells.every(({ terms }) => terms)).toBe(true);
  });

  it('even where nothing varies', async () => {
    const { results } = await run({
      ...small,
      generator: { samples: 30, noise: 0.4 },
      downstream: { samples: 25, noise: 0.3, ridge: 0.05 },
      generations: 3,
    });
    expect(results.panels[0]!.cells[0]!.terms!.collapse.mean).toBeGreaterThan(0);
  });

  it('once for all panels of one problem', async () => {
    const panels = ['bias', 'variance', 'collapse'].map((y) => ({ name: y, figure: { y } }));
    const { results, entries } = await run({ ...small, panels });
    expect(results.panels.map(({ cells }) => cells)).toEqual(new Array(3).fill(results.panels[0]!.cells));
    const drawn = entries.reduce((sum, { batch }) => sum + batch.errors.length, 0);
    const alone = (await run(small)).entries.reduce((sum, { batch }) => sum + batch.errors.length, 0);
    expect(drawn).toBe(alone);
  });

  it('anew where the journal has none', async () => {
    const without = await run({ ...small, figure: {} });
    expect((await run(small, without.entries)).entries.length).toBeGreaterThan(0);
    const asked = await run(small);
    const again = await run({ ...small, figure: { y: 'collapse' } }, asked.entries);
    expect(again.entries).toEqual([]);
    expect(again.results.panels).toEqual(asked.results.panels);
  });
});
