/**
 * Plan. Every file in experiments/ must be one that a user can run: it parses, its canonical form gives the same
 * experiment, each of its cells has a recipe and, where theory knows the model, a finite positive prediction. Where a printed
 * value is called wrong or unsettled, something else is held against the simulation: `instead`, or a theory. The
 * numbers that the comments of the files promise are those of the theory. Panels of the Figure 1 file are the published grid.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { regimes } from '../../src/regimes/index.ts';
import { isFitted } from '../../src/regimes/recipe.ts';
import { mayBeUntold } from './untold.ts';

const folder = new URL('../../experiments/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json5'));
const load = (name: string) => parseExperiment(readFileSync(new URL(`${name}.json5`, folder), 'utf8'), regimes);

/** Theory at the cells of a panel that match. */
function predicted(file: string, panel: string, match: Readonly<Record<string, number>>): number[] {
  const { cells, regime } = load(file).panels.find(({ name }) => name === panel)!;
  return cells
    .filter(({ at }) => Object.entries(match).every(([path, value]) => at[path] === value))
    .map(({ parameters }) => regimes.get(regime)!.theory(parameters))
    .map((prediction) => (prediction?.kind === 'value' ? prediction.value : Number.NaN));
}

describe.each(files)('%s', (file) => {
  const experiment = load(file.replace('.json5', ''));

  it('is called like its file', () => {
    expect(`${experiment.name}.json5`).toBe(file);
  });

  it('has a canonical form that means the same', () => {
    expect(parseExperiment(JSON.stringify(experiment.file), regimes)).toEqual(experiment);
  });

  it('has a recipe and a prediction in every cell', () => {
    for (const { cells, regime } of experiment.panels)
      for (const { parameters } of cells) {
        const recipe = regimes.get(regime)!.recipe(parameters);
        if (isFitted(recipe)) expect(recipe.estimate.data[0]!.rows).toBeGreaterThan(0);
        if (recipe.kind === 'linear') expect(recipe.spectrum).toHaveLength(recipe.dimension);
        const { theory: predict, isError } = regimes.get(regime)!;
        const theory = predict(parameters);
        if (theory === null && mayBeUntold(regime, recipe)) continue;
        const least = (isError?.(parameters) ?? true) ? 0 : -Number.MAX_VALUE;
        expect(theory?.kind === 'value' ? theory.value : null).toBeGreaterThan(least);
      }
  });

  it('quotes printed values that theory confirms, except those it calls misprints or unsettled', () => {
    for (const { cells, regime, expected = [] } of experiment.panels)
      for (const { cell, value, within, misprint, unsettled } of expected) {
        const theory = regimes.get(regime)!.theory(cells[cell]!.parameters);
        if (theory?.kind !== 'value') continue;
        const near = Math.abs(theory.value - value) <= within * value;
        expect({ at: cells[cell]!.at, near }).toEqual({
          at: cells[cell]!.at,
          near: misprint === undefined && unsettled === undefined,
        });
      }
  });

  it('holds every value that it calls a misprint or unsettled against something', () => {
    const loose = experiment.panels.flatMap(({ name, cells, regime, expected = [] }) =>
      expected
        .filter(({ misprint, unsettled }) => misprint !== undefined || unsettled !== undefined)
        .filter(({ instead }) => instead === undefined)
        .filter(({ cell }) => regimes.get(regime)!.theory(cells[cell]!.parameters)?.kind !== 'value')
        .map(({ cell }) => ({ panel: name, at: cells[cell]!.at })),
    );
    expect(loose).toEqual([]);
  });

  it('says what to look for', () => {
    expect(readFileSync(new URL(file, folder), 'utf8')).toMatch(/^\/\/ What to look for/m);
  });
});

describe('what the files promise', () => {
  it('Figure 1: the published grid', () => {
    const [ridge, samples] = load('demystified-fig1').panels;
    expect(ridge!.axes.map(({ path, values }) => [path, values.length])).toEqual([
      ['downstream.ridge', 10],
      ['generations', 4],
    ]);
    expect(samples!.axes[0]!.values).toHaveLength(12);
    expect(samples!.axes[0]!.values[0]).toBe(251);
    expect(samples!.axes[0]!.values[11]).toBe(10_000);
  });

  it('Figure 1, right: plateaus .040, .120, .399', () => {
    for (const [n, plateau] of [
      [1, 0.04],
      [3, 0.12],
      [10, 0.399],
    ] as const)
      expect(predicted('demystified-fig1', 'samples', { generations: n, 'downstream.samples': 10_000 })[0]).toBeCloseTo(
        plateau,
        2,
      );
  });

  it('Figure 1, left: the best ridge grows with n', () => {
    const best = [0, 1, 3, 10].map((n) => {
      const errors = predicted('demystified-fig1', 'ridge', { generations: n });
      return errors.indexOf(Math.min(...errors));
    });
    expect(best).toEqual([...best].sort((a, b) => a - b));
    expect(best[3]).toBeGreaterThan(best[0]!);
  });

  it('minimum norm: 1 - (3/4)^n', () => {
    const at = { 'downstream.ridge': 1e-4 };
    for (const n of [1, 3, 10])
      expect(predicted('min-norm', 'main', { ...at, generations: n })[0]).toBeCloseTo(1 - 0.75 ** n + 0.0043, 3);
  });

  it('ridgeless: the exact formula', () => {
    const value = predicted('ridgeless', 'main', { generations: 5, 'downstream.samples': 50 })[0];
    expect(value).toBeCloseTo((0.01 * 30) / 19 + (5 * 0.04 * 30) / 29, 12);
  });
});
