/**
 * Plan. What every regime promises, without a device; what its simulation must do is in contract.gpu.test.ts.
 * - Every regime has a row in the table of small settings, and no row is without its regime.
 * - It says who it follows; recipe and theory are functions of the parameters alone: asked twice they give the same, and
 *   they leave the parameters as they are. Parameters are plain JSON.
 * - A recipe has as many eigenvalues as dimensions, all positive, at least one row in every block, and no model that
 *   labels itself; whatever is drawn twice under one name is the same. One about images has ridges above 0, and no more rows
 *   and tests than there are images.
 * - A prediction has a source with an arXiv number and an allowance of at least 0, or there is a reason, or null. Null in every cell is
 *   what regimes say that are listed as having no theory, and no others.
 * - Every file in experiments/ parses, fits the least that WebGPU guarantees, and keeps all of this in every cell.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { Experiment } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { planExperiment } from '../../src/plan/plan.ts';
import { type DiscreteRecipe, samplesOf } from '../../src/regimes/discrete-recipe.ts';
import { regimes } from '../../src/regimes/index.ts';
import {
  type Block,
  type Fit,
  type FittedRecipe,
  isFit,
  isFitted,
  type KernelRecipe,
  type LinearRecipe,
  type Model,
  modelsBehind,
  type Recipe,
} from '../../src/regimes/recipe.ts';
import { samplers } from '../../src/samplers/index.ts';
import type { Prediction } from '../../src/theory/prediction.ts';
import { contractCases, contractExperiments } from './contract-cases.ts';
import { WITHOUT_THEORY } from './untold.ts';

/** What every WebGPU device allows. */
const LEAST_LIMITS = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxComputeWorkgroupsPerDimension: 65535,
};

const folder = new URL('../../experiments/', import.meta.url);
const files: readonly Experiment[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json5'))
  .map((name) => parseExperiment(readFileSync(new URL(name, folder), 'utf8'), regimes, [...samplers.keys()]));

it('every regime has a row in the table, and every row a regime', () => {
  expect(Object.keys(contractCases).toSorted()).toEqual([...regimes.keys()].toSorted());
});

describe.each([...regimes])('%s', (name, regime) => {
  it('has a theory of some of its small settings, or is known to have none', () => {
    const cells = contractExperiments({}).flatMap(({ panels }) =>
      panels.flatMap((panel) => (panel.regime === name ? panel.cells : [])),
    );
    const silent = cells.every(({ parameters }) => regime.theory(parameters) === null);
    expect(silent).toBe(WITHOUT_THEORY.includes(name));
  });

  it('goes by its name, title and citation', () => {
    expect(regime.name).toBe(name);
    expect(regime.title).not.toBe('');
    expect(regime.citation).toMatch(/arXiv:\d{4}\.\d{5}/);
  });
});

describe.each([...contractExperiments({}), ...files])('$name', (experiment) => {
  const cells = experiment.panels.flatMap((panel) =>
    panel.cells.map(({ parameters }) => ({ regime: regimes.get(panel.regime)!, parameters })),
  );
  const ask = ({ regime, parameters }: (typeof cells)[number]) => {
    const before = JSON.stringify(parameters);
    return { before, recipe: regime.recipe(parameters), theory: regime.theory(parameters) };
  };
  let asked: ReturnType<typeof ask>[] | null = null;
  /** What the regimes say when they are first asked. */
  const answers = () => {
    asked ??= cells.map(ask);
    return asked;
  };
  afterAll(() => {
    asked = null;
  });

  it('fits every device, each cell in one job', () => {
    const { jobs } = planExperiment(experiment, regimes, samplers, LEAST_LIMITS);
    for (const panel of experiment.panels) {
      const planned = jobs.filter((job) => job.panel === panel).flatMap((job) => job.cells);
      expect(planned.toSorted((a, b) => a - b)).toEqual(panel.cells.map((_, i) => i));
    }
  });

  it('has recipes and theory that depend on the parameters alone', () => {
    const first = answers();
    cells.forEach(({ regime, parameters }, i) => {
      const { before, recipe, theory } = first[i]!;
      expect(spelled(regime.recipe(parameters))).toBe(spelled(recipe));
      const again = [regime.theory(parameters), regime.problems(parameters)];
      expect(JSON.stringify(again)).toBe(JSON.stringify([theory, regime.problems(parameters)]));
      expect(JSON.stringify(parameters)).toBe(before);
      expect(JSON.parse(before)).toEqual(parameters);
    });
  });

  it('has recipes that can be drawn', () => {
    for (const { recipe } of answers()) expectSound(recipe);
  });

  it('has a prediction with its source, a reason, or null in every cell', () => {
    for (const [i, { theory }] of answers().entries()) {
      const { regime, parameters } = cells[i]!;
      if (theory !== null) expectStated(theory, regime.isError?.(parameters) ?? true);
    }
  });
});

/** Every model once: what all models behind an expression say when they are written out doubles with each round. */
function spelled(recipe: Recipe): string {
  if (!isFitted(recipe)) return JSON.stringify(recipe);
  const models = modelsBehind(recipe.estimate);
  const numbers = new Map<Model, number>(models.map((model, i) => [model, i]));
  const numbered = models.map((model) =>
    isFit(model)
      ? { ...model, data: model.data.map((block) => ({ ...block, labels: numbers.get(block.labels) ?? -1 })) }
      : model,
  );
  return JSON.stringify({ ...recipe, estimate: numbered });
}

function expectSound(recipe: Recipe): void {
  if (isFitted(recipe)) expectSoundFits(recipe);
  else if (recipe.kind === 'discrete') expectSoundSamples(recipe);
}

/** Whatever is drawn under one name and from one origin is drawn alike, and samples are of something. */
function expectSoundSamples(recipe: DiscreteRecipe): void {
  expect(recipe.training.length).toBeGreaterThan(0);
  for (const { draw, size } of samplesOf(recipe)) {
    expect(Number.isInteger(size) && size > 0).toBe(true);
    expect(draw.unit).not.toBe('');
    expect(Number.isInteger(draw.generation) && draw.generation >= 0).toBe(true);
  }
}

function expectSoundFits(recipe: FittedRecipe): void {
  expect(recipe.estimate.ridge).toBeGreaterThanOrEqual(0);
  if (recipe.kind === 'kernel') expectSoundImages(recipe);
  else expectSoundNumbers(recipe);
  for (const block of blocksOf(recipe)) {
    expect(Number.isInteger(block.rows) && block.rows > 0).toBe(true);
    expect(block.noise).toBeGreaterThanOrEqual(0);
    for (const { unit, generation } of [block.inputs, block.errors]) {
      expect(unit).not.toBe('');
      expect(Number.isInteger(generation) && generation >= 0).toBe(true);
    }
  }
  if (recipe.kind === 'linear') expectOneShapePerDraw(blocksOf(recipe));
}

function expectSoundNumbers({ dimension, spectrum, truth }: LinearRecipe): void {
  expect(spectrum).toHaveLength(dimension);
  expect(spectrum.every((s) => s > 0 && Number.isFinite(s))).toBe(true);
  if (truth.kind === 'coefficients') expect(truth.values).toHaveLength(dimension);
}

function expectSoundImages(recipe: KernelRecipe): void {
  const { population, tests, estimate } = recipe;
  expect(estimate.ridge).toBeGreaterThan(0);
  expect(tests).toBeLessThanOrEqual(population.test);
  for (const { rows } of blocksOf(recipe)) expect(rows).toBeLessThanOrEqual(population.training);
}

function blocksOf({ estimate }: FittedRecipe): readonly Block[] {
  const fits = new Set<Fit>();
  const visit = (model: Model) => {
    if (!isFit(model) || fits.has(model)) return;
    fits.add(model);
    for (const { labels } of model.data) visit(labels);
  };
  visit(estimate);
  return [...fits].flatMap(({ data }) => data);
}

/** Blocks that read the same numbers, from the same row on, have the same number of rows. */
function expectOneShapePerDraw(blocks: readonly Block[]): void {
  const rows = new Map<string, number>();
  for (const { inputs, rows: count, first = 0 } of blocks) {
    const name = `${inputs.unit}/${inputs.generation}/${first}`;
    expect(rows.get(name) ?? count).toBe(count);
    rows.set(name, count);
  }
}

function expectStated(prediction: Prediction, isError: boolean): void {
  if (prediction.kind === 'no-mean') {
    expect(prediction.reason).not.toBe('');
    return;
  }
  const { value, source, allowance } = prediction as Extract<Prediction, { kind: 'value' }>;
  if (isError) expect(value).toBeGreaterThanOrEqual(0);
  expect(Number.isFinite(value)).toBe(true);
  expect(source).toMatch(/^arXiv:\d{4}\.\d{5}v\d+, /);
  expect(allowance).toBeGreaterThanOrEqual(0);
}
