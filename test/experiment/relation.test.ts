/**
 * Plan. Relations between cells of a run:
 * - cells are found by their places, as printed values are, in the panel itself and in another; the file comes back as it was meant
 * - places and panels that are not there are named; so is a sum of nothing
 * - without the other panel such a relation is left out, and with another setting all are
 */
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/experiment/experiment.ts';
import { override, selectPanel } from '../../src/experiment/overrides.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { regimes } from '../../src/regimes/index.ts';

const sum: readonly JsonObject[] = [
  { at: { 'downstream.samples': 50, generations: 0 }, times: 2 },
  { panel: 'other', at: { generations: 1 }, times: -0.5 },
];
const relation = {
  ...{ at: { 'downstream.samples': 100, generations: 1 }, says: 'twice the other' },
  ...{ sum, within: 0.1 },
};

const fileWith = (relations: JsonValue): JsonObject => ({
  name: 'related',
  regime: 'replace',
  dimension: 10,
  generator: { samples: 30, noise: 0.1 },
  downstream: { samples: [50, 100], noise: 0.1, ridge: 0.1 },
  generations: [0, 1],
  panels: [
    { name: 'main', relations },
    { name: 'other', downstream: { samples: 70 } },
  ],
});

const problemsOf = (relations: JsonValue) => {
  try {
    parseExperiment(fileWith(relations), regimes);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('relations', () => {
  it('find their cells', () => {
    const experiment = parseExperiment(fileWith([relation]), regimes);
    const [main, other] = experiment.panels;
    expect(main!.relations).toEqual([
      {
        cell: main!.cells.findIndex(({ at }) => at['downstream.samples'] === 100 && at.generations === 1),
        says: 'twice the other',
        sum: [
          {
            panel: 'main',
            cell: main!.cells.findIndex(({ at }) => at['downstream.samples'] === 50 && at.generations === 0),
            times: 2,
          },
          { panel: 'other', cell: other!.cells.findIndex(({ at }) => at.generations === 1), times: -0.5 },
        ],
        within: 0.1,
      },
    ]);
    expect(other!.relations).toBeUndefined();
    expect(parseExperiment(experiment.file, regimes)).toEqual(experiment);
  });

  it.each([
    [{ ...relation, at: { 'downstream.samples': 75, generations: 1 } }, 'relations[0].at'],
    [{ ...relation, sum: [{ panel: 'othre', at: {}, times: 1 }] }, 'did you mean "other"'],
    [{ ...relation, sum: [{ panel: 'other', at: { dimension: 3 }, times: 1 }] }, 'relations[0].sum[0].at'],
    [{ ...relation, sum: [] }, 'at least one cell'],
    [{ ...relation, within: 0 }, 'relations[0].within'],
  ])('that are wrong are named: %#', (wrong, words) => {
    expect(problemsOf([wrong]).toLowerCase()).toContain(words);
  });

  it('go with what they are about', () => {
    const file = fileWith([relation, { ...relation, sum: [sum[0]!] }]);
    expect(parseExperiment(selectPanel(file, 'main'), regimes).panels[0]!.relations).toHaveLength(1);
    expect(parseExperiment(override(file, 'trials', 9), regimes).panels[0]!.relations).toHaveLength(2);
    expect(parseExperiment(override(file, 'dimension', 12), regimes).panels[0]!.relations).toBeUndefined();
  });
});
