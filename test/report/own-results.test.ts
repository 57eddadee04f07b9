/**
 * Plan
 * - Results as a run writes them pass, also of a run that was stopped: cells with fewer trials, and with none.
 * - Panels and cells that are missing, there twice, renamed, in another order or at another place are refused; so are places that lead to
 *   a prototype, which stays as it is; so are counts that do not fit together or into the experiment.
 * - A newer format is refused by its number, a file without one is read.
 */
import { expect, test } from 'vitest';
import { parseExperiment } from '../../src/experiment/parse.ts';
import type { CellResult, Results } from '../../src/experiment/results.ts';
import { regimes } from '../../src/regimes/index.ts';
import { predictor } from '../../src/regimes/predict.ts';
import { refuseForeign } from '../../src/report/own-results.ts';
import { parseResults, ResultsError, resultsJson } from '../../src/report/results-json.ts';
import { cellOf } from '../support/summaries.ts';
import { MANIFEST } from './synthetic.ts';

const file = {
  name: 'x',
  regime: 'replace',
  dimension: 5,
  generator: { samples: 20, noise: 0.1 },
  downstream: { samples: 20, noise: 0.1, ridge: 0 },
  generations: [0, 1, 2],
  trials: 100,
  panels: [{ name: 'a' }, { name: 'b', dimension: 6 }],
};
const experiment = parseExperiment(file as never, regimes);
const cellAt = (at: CellResult['at'], trials = 100) => cellOf({ at, trials, mean: 1, sem: 0.1, sd: 1 });
const honest: Results = {
  experiment: experiment.file,
  manifest: { ...MANIFEST, samplers: { direct: 1 }, statuses: { ok: 600, nonFinite: 0 } },
  panels: experiment.panels.map(({ name, cells }) => ({ name, cells: cells.map(({ at }) => cellAt(at)) })),
};
const refusal = (results: Results) => {
  try {
    refuseForeign(experiment, results);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(ResultsError);
    return (error as Error).message;
  }
};
const [a, b] = [honest.panels[0]!, honest.panels[1]!];
const withCells = (cells: readonly CellResult[]): Results => ({ ...honest, panels: [{ ...a, cells }, b] });
const [first, second] = [a.cells[0]!, a.cells[1]!];
const changed = (change: Partial<CellResult>) => withCells(a.cells.with(0, { ...first, ...change }));

test('results of a run are its own, also of one that was stopped', () => {
  expect(refusal(honest)).toBe('');
  const statuses = { ok: 430, nonFinite: 0 };
  const stopped = withCells([cellAt(first.at, 30), cellAt(second.at, 0), a.cells[2]!]);
  expect(refusal({ ...stopped, manifest: { ...honest.manifest, statuses } })).toBe('');
});

test.each<[string, Results, RegExp]>([
  ['a missing panel', { ...honest, panels: [a] }, /panels: found a, need a, b/],
  ['no panel', { ...honest, panels: [] }, /panels: found none/],
  ['a renamed panel', { ...honest, panels: [a, { ...b, name: 'B' }] }, /found a, B, need a, b/],
  ['panels in another order', { ...honest, panels: [b, a] }, /found b, a/],
  ['half of the cells', withCells([first]), /panel a: found 1 cells, need 3/],
  ['no cells', withCells([]), /found 0 cells/],
  ['a cell twice', withCells([first, first, a.cells[2]!]), /cell 1: found at .*need \{"generations":1\}/],
  ['an unknown path', changed({ at: { ...first.at, 'downstream.samples': 3 } }), /cell 0: found at/],
  ['a path to a prototype', changed({ at: { '__proto__.polluted': 1 } }), /cell 0: found at/],
  ['another path to it', changed({ at: { 'constructor.prototype.polluted': 1 } }), /cell 0: found at/],
  ['too many trials', changed({ failed: 1 }), /found 101 trials, which is more than the 100/],
  ['trials that statuses do not have', changed({ trials: 90 }), /statuses.ok: found 600, need 590/],
  ['terms that nobody asked for', changed({ terms: { bias: first, variance: first, collapse: first } }), /found terms/],
  ['a strange sampler', changed({ sampler: 'dice' }), /sampler dice/],
  ['another seed', { ...honest, manifest: { ...honest.manifest, seed: 2 } }, /manifest.seed: found 2, need 1/],
])('%s is refused', (_, results, words) => {
  expect(refusal(results)).toMatch(words);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test('theory at a place that leads out of the parameters throws and changes nothing', () => {
  for (const path of ['__proto__.polluted', 'constructor.prototype.polluted', 'downstream.nothing'])
    expect(() => predictor(experiment.panels[0]!, regimes)({ [path]: 1 })).toThrow(RangeError);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test('formats', () => {
  const text = resultsJson(honest);
  expect(JSON.parse(text)).toMatchObject({ format: 1 });
  expect(parseResults(text)).toEqual(parseResults(text.replace(/\s*"format": 1,/, '')));
  expect(() => parseResults(text.replace('"format": 1', '"format": 7'))).toThrow(/has format 7, .* reads up to 1/);
  expect(() => parseResults(text.replace('"generations"', '"__proto__"'))).toThrow(/__proto__/);
});
