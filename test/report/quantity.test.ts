/**
 * Plan. Results with terms, in files, checks and figures.
 * - What is drawn survives the canonical form of a file, where panels draw different terms too.
 * - `results.json` reads back equal, with and without terms; `table.csv` has columns of terms only where a cell has them.
 * - Every term is checked by itself: one that is off fails, whatever the error says, within the rounding of the error.
 * - A figure draws the term that its panel asks for, names it, and shows neither printed values nor fits, which are of the error.
 * - The theory line is that of the term, and breaks where the prediction has no terms.
 */
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { type JsonObject, TERMS } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import type { BesideTheory, CellResult, Results } from '../../src/experiment/results.ts';
import { regimes } from '../../src/regimes/index.ts';
import { predictor } from '../../src/regimes/predict.ts';
import { checkResults } from '../../src/report/check.ts';
import { csvOf } from '../../src/report/csv.ts';
import { panelFigure } from '../../src/report/figure.ts';
import { quantityOf } from '../../src/report/quantity.ts';
import { parseResults, resultsJson } from '../../src/report/results-json.ts';
import { tableOf } from '../../src/report/table.ts';
import { theoryCurve } from '../../src/report/theory-curve.ts';
import { type Prediction, predictedTerm } from '../../src/theory/prediction.ts';
import { summaryOf } from '../support/summaries.ts';

const { panels, file } = parseExperiment(
  {
    name: 'terms',
    regime: 'replace',
    dimension: 10,
    generator: { samples: 30, noise: 0.3 },
    downstream: { samples: 40, noise: 0.2, ridge: { logspace: [-2, 0, 3] } },
    generations: [1, 3],
    figure: { y: 'collapse' },
    expected: [{ at: { 'downstream.ridge': 0.1, generations: 3 }, value: 0.5 }],
  },
  regimes,
);
const panel = panels[0]!;
const predict = predictor(panel, regimes);

/** A cell whose means are `off` standard errors from theory. */
function partOf(prediction: Prediction | null, off: number): BesideTheory {
  if (prediction?.kind !== 'value') throw new Error('no value');
  const { value, source } = prediction;
  const sem = value / 100;
  const mean = value + off * sem;
  const summary = summaryOf({ mean, sem, sd: 10 * sem, median: mean, q05: mean / 2, q95: 2 * mean });
  return { ...summary, theory: { value, source }, z: (mean - value) / sem };
}

function cellsWith(off: Readonly<Partial<Record<string, number>>> = {}): readonly CellResult[] {
  return panel.cells.map(({ at }) => {
    const part = (term: (typeof TERMS)[number]) => partOf(predictedTerm(predict(at), term), off[term] ?? 0.5);
    const terms = { bias: part('bias'), variance: part('variance'), collapse: part('collapse') };
    return { at, sampler: 'direct', ...partOf(predict(at), 0.5), terms };
  });
}

const manifest = {
  version: '0.1.0',
  commit: null,
  backend: 'reference',
  adapter: null,
  driver: '',
  samplers: { direct: 1 },
  seed: 1,
  start: '',
  end: '',
  statuses: { ok: 600 },
} as const;
const resultsOf = (cells: readonly CellResult[]): Results => ({
  experiment: file,
  manifest,
  panels: [{ name: panel.name, cells }],
});

describe('files', () => {
  it('of experiments keep what is drawn, panel by panel', () => {
    const patches: JsonObject[] = [
      { name: 'a' },
      { name: 'b', figure: { y: 'error' } },
      { name: 'c', figure: { y: 'bias' } },
    ];
    const mixed = parseExperiment({ ...file, expected: [], panels: patches }, regimes);
    expect(mixed.panels.map(({ y }) => y)).toEqual(['collapse', undefined, 'bias']);
    expect(parseExperiment(mixed.file, regimes)).toEqual(mixed);
  });

  it('keep the terms', () => {
    const results = resultsOf(cellsWith());
    expect(parseResults(resultsJson(results))).toEqual(results);
  });

  it('have columns of terms where there are any', () => {
    const cells = cellsWith();
    const plain = cells.map(({ terms: _, ...cell }) => cell);
    const [own, more] = [plain, cells].map((list) => csvOf(resultsOf(list).panels).split('\r\n'));
    const added = TERMS.flatMap((term) => ['mean', 'sem', 'theory', 'z'].map((name) => `${term}_${name}`)).join(',');
    expect(more![0]).toBe(`${own![0]},${added}`);
    expect(more![1]).toContain(`${own![1]},${cells[0]!.terms!.bias.mean},`);
    expect(parseResults(resultsJson(resultsOf(plain))).panels[0]!.cells[0]).not.toHaveProperty('terms');
  });
});

describe('checks', () => {
  it('hold every part against its own theory', () => {
    const right = checkResults(resultsOf(cellsWith()), (_, at) => predict(at));
    expect(right.ok).toBe(true);
    expect(right.cells.map(({ term }) => term)).toEqual(panel.cells.flatMap(() => [undefined, ...TERMS]));
    for (const wrong of TERMS) {
      const { ok, cells } = checkResults(resultsOf(cellsWith({ [wrong]: 9 })), (_, at) => predict(at));
      expect(ok).toBe(false);
      expect(new Set(cells.flatMap(({ verdict, term }) => (verdict === 'disagrees' ? [term] : [])))).toEqual(
        new Set([wrong]),
      );
    }
  });

  it('allow a term the rounding of the error', () => {
    const cells = cellsWith().map((cell) => {
      const { variance } = cell.terms!;
      const far = (size: number): CellResult => {
        const mean = variance.theory!.value + size * cell.mean;
        const exact = { ...variance, mean, median: mean, q05: mean, q95: mean, sem: 0, sd: 0, z: null };
        return { ...cell, terms: { ...cell.terms!, variance: exact } };
      };
      return [far(5e-6), far(1e-3)] as const;
    });
    const verdicts = [0, 1].map((i) => checkResults(resultsOf(cells.map((pair) => pair[i]!)), (_, at) => predict(at)));
    expect(verdicts.map(({ ok }) => ok)).toEqual([true, false]);
  });

  it('are in the table part by part', () => {
    const text = tableOf(resultsOf(cellsWith()).panels);
    expect(text.split('\n')[0]).toMatch(/^panel +part +λ/);
    expect(text.match(/^main +(error|bias|variance|collapse) /gm)).toHaveLength(4 * panel.cells.length);
  });
});

describe('the figure', () => {
  const cells = cellsWith();
  const theory = theoryCurve(panel, predict);
  const { document } = parseHTML('<!doctype html><html></html>');
  const input = { title: 'Terms', cells, theory, provenance: manifest };
  const textOf = (one: typeof panel) =>
    panelFigure({ ...input, panel: one }, document as unknown as Document).outerHTML;

  it('is of the term', () => {
    const text = textOf(panel);
    expect(text).toContain('collapse term against');
    expect(text).toContain('Collapse term: what is wrong with the models');
    expect(text).not.toContain('test error E');
    expect(text).not.toContain('class="printed"');
    const { y: _, ...plain } = panel;
    expect(textOf(plain)).toContain('test error E');
    expect(textOf(plain)).toContain('class="printed"');
  });

  it('has the theory of the term, none without terms', () => {
    for (const { x, y, series } of theory) {
      const n = series === 'n = 1' ? 1 : 3;
      const { value } = predictedTerm(predict({ 'downstream.ridge': x, generations: n }), 'collapse') as {
        value: number;
      };
      expect(y).toBe(value);
    }
    const bare = theoryCurve(panel, () => ({ kind: 'value', value: 1, source: 'a paper', allowance: 0 }));
    expect(bare.every(({ y }) => Number.isNaN(y))).toBe(true);
  });
});

describe('the name of the test error', () => {
  const sequences = (measure: JsonObject) =>
    parseExperiment(
      {
        name: 'sequences',
        regime: 'bigram',
        contexts: { support: 10 },
        next: { support: 10 },
        length: 5,
        measure,
        downstream: { samples: [2, 4] },
      },
      regimes,
    ).panels[0]!;

  it('is that of what the regime measures', () => {
    expect(quantityOf(sequences({ kind: 'perplexity' })).name).toBe('perplexity');
    expect(quantityOf(sequences({ kind: 'variation' })).name).toBe('total variation E');
    expect(quantityOf({ ...panel, y: undefined }).name).toBe('test error E');
  });

  it('gives way to that of a term', () => {
    expect(quantityOf({ ...panel, errorName: 'perplexity' }).name).toBe('collapse term');
  });
});
