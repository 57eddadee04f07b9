/**
 * Plan. A check must notice a wrong theory: for every regime with one, some cells of a shipped file are drawn as the file says, by the f64
 * reference, and held against the theory as it is, which agrees in every cell, and against all predictions times 1.05 and .95, which a
 * cell must contradict. The cases reach each kind of formula that is cheap to draw: exact and corrected fits, minimum norm, terms, mixtures
 * with and without weights, the same rows and fresh ones, laws counted token by token. No regime is left out but those without theory.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../src/engine/backend.ts';
import { runPlan } from '../../src/engine/run.ts';
import type { Experiment } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { planExperiment, REFERENCE_LIMITS } from '../../src/plan/plan.ts';
import { regimes } from '../../src/regimes/index.ts';
import { predictor } from '../../src/regimes/predict.ts';
import { checkResults } from '../../src/report/check.ts';
import { samplers } from '../../src/samplers/index.ts';
import type { PredictedTerm, Prediction } from '../../src/theory/prediction.ts';
import { WITHOUT_THEORY } from './untold.ts';

type At = Readonly<Record<string, number>>;

/** File, panel, the numbers that the cells must have, to 3 %, and trials. */
const CASES: readonly (readonly [file: string, panel: string, at: At, trials: number])[] = [
  ['demystified-fig1', 'ridge', { 'downstream.ridge': 1e-3, generations: 3 }, 200],
  ['ridgeless', 'main', { 'downstream.samples': 100 }, 1000],
  ['min-norm', 'main', { 'downstream.ridge': 1e-4, generations: 10 }, 50],
  ['terms', 'bias', { 'downstream.ridge': 1, generations: 1 }, 40],
  ['growing', 'growing', { 'generator.samples': 80, generations: 2 }, 1000],
  ['accumulate', 'accumulate', { 'downstream.samples': 100, generations: 2 }, 1000],
  ['accumulate-subsample', 'samples', { 'downstream.samples': 100, generations: 2 }, 3000],
  ['golden-ratio', 'least-squares', { 'real.weight': 0.5, generations: 2 }, 800],
  ['golden-ratio', 'ridge', { 'real.weight': 0.5, generations: 2 }, 220],
  ['strong-fig3', 'poor', { 'synthetic.fraction': 0.01, 'downstream.samples': 1587 }, 300],
  ['strong-fig9', 'b200', { 'synthetic.weight': 0.25 }, 400],
  ['strong-fig10', 'poor', { 'downstream.samples': 300, generations: 1 }, 300],
  ['strong-fig10', 'fresh', { 'downstream.samples': 300, generations: 1 }, 300],
  ['w2s-ridge', 'overfit', { 'downstream.ridge': 0.2 }, 200],
  ['w2s-features', 'student', { 'teacher.features': 30, 'downstream.features': 160 }, 1500],
  ['self-distillation', 'under', { imitation: 5 }, 500],
  ['distillation-surrogate', 'optimal', { 'downstream.samples': 50 }, 200],
  ['ecosystem', 'exchange', { 'synthetic.share': 0.5, generations: 2 }, 2500],
  ['contamination', 'rounds', { 'synthetic.fraction': 0.5, generations: 4 }, 4000],
  ['descent', 'generations', { 'downstream.rate': 0.02, generations: 1 }, 700],
  ['curation-agree', 'easy-agreeing', { 'keep.share': 0.5 }, 200],
  ['self-training', 'agreeing', { generations: 2 }, 400],
  ['logistic-chain', 'cosine', { 'downstream.samples': 2000, generations: 1 }, 16],
  ['verification-fig4', 'main', { 'synthetic.samples': 1000, 'synthetic.flips': 0.4 }, 400],
  ['verifier-chances', 'right', { 'judge.withGenerator': 0.5 }, 20],
  ['verified-regression', 'weak', { generations: 3 }, 4000],
  ['gaussian-chain', 'replaced', { generations: 5 }, 20000],
  ['tails-fig8', 'main', { 'downstream.samples': 1000, 'generator.tail.last': 100 }, 100],
  ['tails-fig5', 'both', { 'real.samples': 1000, 'synthetic.samples': 1000 }, 100],
  ['tails-fig11', 'main', { 'downstream.samples': 3000, 'generator.last': 50 }, 100],
  ['tails-gcd-loss', 'binary', { synthetic: 0.25 }, 8],
  ['tails-gcd', 'base-10', { 'downstream.samples': 1000, synthetic: 1 }, 100],
];

const load = (file: string) =>
  parseExperiment(readFileSync(new URL(`../../experiments/${file}.json5`, import.meta.url), 'utf8'), regimes);

/** Those cells of a file, drawn. */
async function drawn(file: string, name: string, at: At, trials: number) {
  const whole = load(file);
  const panel = whole.panels.find((one) => one.name === name)!;
  const near = (cell: At) => Object.entries(at).every(([path, value]) => Math.abs(cell[path]! / value - 1) < 0.03);
  const cells = panel.cells.filter((cell) => near(cell.at));
  expect(cells.length).toBeGreaterThan(0);
  const { fit: _, ...rest } = panel;
  const experiment: Experiment = { ...whole, panels: [{ ...rest, cells, trials }] };
  const plan = planExperiment(experiment, regimes, samplers, REFERENCE_LIMITS);
  const provenance = { version: 'test', commit: null, backend: 'reference', driver: 'test' } as const;
  const { results, outcome } = await runPlan({ plan, regimes, backend: referenceBackend, provenance });
  expect(outcome).toBe('complete');
  return { results, predict: predictor(panel, regimes) };
}

function times(prediction: Prediction | null, factor: number): Prediction | null {
  if (prediction?.kind !== 'value') return prediction;
  const scaled = <T extends PredictedTerm>(term: T): T => ({ ...term, value: term.value * factor });
  const { terms } = prediction;
  if (!terms) return scaled(prediction);
  const { bias, variance, collapse } = terms;
  return {
    ...scaled(prediction),
    terms: { bias: scaled(bias), variance: scaled(variance), collapse: scaled(collapse) },
  };
}

describe('a theory off by 5 %', () => {
  it.each(CASES)('is noticed in %s, %s', async (file, panel, at, trials) => {
    const { results, predict } = await drawn(file, panel, at, trials);
    const verdicts = (factor: number) =>
      checkResults(results, (_, cell) => times(predict(cell), factor)).cells.map(({ verdict }) => verdict);
    expect(new Set(verdicts(1))).toEqual(new Set(['agrees']));
    for (const factor of [1.05, 0.95]) expect(verdicts(factor)).toContain('disagrees');
  });

  it('is looked for in every regime that has a theory', () => {
    const tried = CASES.map(([file, name]) => load(file).panels.find((panel) => panel.name === name)!.regime);
    expect(new Set([...tried, ...WITHOUT_THEORY])).toEqual(new Set(regimes.keys()));
  });
});
