import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { numpyScript, unwritable } from '../../src/library/numpy-script.ts';
import { recipeOf } from '../../src/plan/jobs.ts';
import { regimes } from '../../src/regimes/index.ts';
import type { LinearRecipe } from '../../src/regimes/recipe.ts';
import { descent } from '../../src/samplers/linear/descent/index.ts';
import { direct } from '../../src/samplers/linear/direct/index.ts';
import { refusalOf } from '../../src/samplers/sampler.ts';
import { contractCases, contractExperiments } from '../regimes/contract-cases.ts';

/*
 * Plan: NumPy, by the definition, against the f64 reference.
 * - every regime of regression, every setting of the contract, cells spread over it, a seed beyond 2^32: the same trials to nine digits
 * - rows that twelve generations label; more normals than are drawn at a time; a title that Python would misread
 * - where there is no mean: trials below the median are counted, near one half of them or far from it
 * - too many rows, and eigenvalues that are zero to NumPy: a reason
 * - a recipe that differs a little is told apart; recorded trials that failed are passed over
 */

const SEED = 2 ** 40 + 77;
const TRIALS = 3;
/** Cells of a setting: the first, the last and one between. */
const PICKED = 3;

const numpy = spawnSync('python3', ['-c', 'import numpy']).status === 0;
const home = mkdtempSync(join(tmpdir(), 'collapse-numpy-'));
afterAll(() => rmSync(home, { recursive: true }));

interface Case {
  readonly name: string;
  readonly recipe: LinearRecipe;
}

const experiments = contractExperiments({});

function casesOf(regime: string): readonly Case[] {
  const own = experiments.filter(({ panels }) => panels[0]!.regime === regime);
  return own.flatMap(({ name, panels }) => {
    const { cells } = panels[0]!;
    const step = Math.max(1, (cells.length - 1) / (PICKED - 1));
    const places = new Set(Array.from({ length: PICKED }, (_, k) => Math.min(cells.length - 1, Math.round(k * step))));
    return [...places].flatMap((place) => {
      const recipe = recipeOf(regimes.get(regime)!, cells[place]!);
      return recipe.kind === 'linear' ? [{ name: `${name} ${JSON.stringify(cells[place]!.at)}`, recipe }] : [];
    });
  });
}

/** Regimes of linear regression. */
const linear = Object.keys(contractCases).filter((regime) => casesOf(regime).length > 0);

async function recordedOf(recipe: LinearRecipe): Promise<readonly number[]> {
  const sampler = refusalOf(direct, recipe) === null ? direct : descent;
  expect(refusalOf(sampler, recipe)).toBeNull();
  const { errors } = await sampler.openReference({ seed: SEED, recipes: [recipe] }).run(0, TRIALS);
  return [...errors];
}

function scriptFor(recipe: LinearRecipe, errors: readonly number[]): string {
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const about = { title: 'A cell', sampler: 'direct', trials: TRIALS, mean, sem: 0, median: mean };
  return numpyScript(recipe, { ...about, seed: SEED, errors, literal: true });
}

const ABOUT = { title: 'A cell', sampler: 'bidiagonal', trials: TRIALS, mean: 1, sem: 0.1, median: 1 };

function said(script: string, trials = TRIALS): string {
  const path = join(home, 'alone.py');
  writeFileSync(path, script);
  return execFileSync('python3', ['-W', 'error', path, String(trials)], { encoding: 'utf8' });
}

/** Runs scripts one after the other in one process, which warnings end. */
const RUN = `
import runpy, sys
paths, sys.argv = sys.argv[1:], ['cell.py', '${TRIALS}']
for path in paths: runpy.run_path(path, run_name='__main__')
`;

/** How far each script says that its trials are from the recorded ones, relative to them. */
function apart(scripts: readonly string[]): readonly number[] {
  const paths = scripts.map((script, i) => {
    const path = join(home, `cell-${i}.py`);
    writeFileSync(path, script);
    return path;
  });
  const said = execFileSync('python3', ['-W', 'error', '-c', RUN, ...paths], { encoding: 'utf8' });
  return [...said.matchAll(/farthest apart: (\S+) of/g)].map(([, distance]) => Number(distance));
}

describe.runIf(numpy)('a program in NumPy draws the trials of the reference', () => {
  it.each(linear)('%s', async (regime) => {
    const cases = casesOf(regime);
    const scripts = [];
    for (const { recipe } of cases) scripts.push(scriptFor(recipe, await recordedOf(recipe)));
    const distances = apart(scripts);
    expect(distances).toHaveLength(cases.length);
    for (const [i, distance] of distances.entries()) expect(distance, cases[i]!.name).toBeLessThan(1e-9);
  });

  it('tells a recipe from another', async () => {
    const [{ recipe }] = casesOf('replace') as [Case];
    const wrong = { ...recipe, estimate: { ...recipe.estimate, ridge: recipe.estimate.ridge + 1e-3 } };
    expect(apart([scriptFor(wrong, await recordedOf(recipe))])[0]).toBeGreaterThan(1e-6);
  });

  it('passes over trials that failed', async () => {
    const [{ recipe }] = casesOf('replace') as [Case];
    const [, ...others] = await recordedOf(recipe);
    expect(apart([scriptFor(recipe, [Number.NaN, ...others])])[0]).toBeLessThan(1e-9);
  });

  it('has any number of labels on the same rows', async () => {
    const round = (generations: number) => {
      const downstream = { samples: 24, noise: 0.2 };
      return { name: 'many', regime: 'accumulate', dimension: 12, design: 'reused', downstream, generations };
    };
    const [cell] = parseExperiment(round(12), regimes).panels[0]!.cells;
    const recipe = recipeOf(regimes.get('accumulate')!, cell!) as LinearRecipe;
    expect(apart([scriptFor(recipe, await recordedOf(recipe))])[0]).toBeLessThan(1e-9);
  });

  it('draws rows in portions', async () => {
    const [{ recipe }] = casesOf('replace') as [Case];
    const rows = 2 ** 18 / recipe.dimension + 1000;
    const draw = { unit: 'many', generation: 1 };
    const data = [
      { rows: Math.floor(rows), first: 3, inputs: draw, errors: draw, labels: 'truth' as const, noise: 0.3 },
    ];
    const large = { ...recipe, estimate: { data, ridge: 0.01 } };
    expect(apart([scriptFor(large, await recordedOf(large))])[0]).toBeLessThan(1e-9);
  });

  it('takes any title', () => {
    const [{ recipe }] = casesOf('replace') as [Case];
    const title = 'Costs $& \\u "quoted" """three times"""';
    const script = numpyScript(recipe, { ...ABOUT, title, seed: 1, errors: [], literal: false });
    expect(said(script)).toContain('z = ');
  });

  it('counts trials below the median where there is no mean', () => {
    const [{ recipe }] = casesOf('replace') as [Case];
    const z = (median: number) => {
      const none = { ...ABOUT, trials: 1000, mean: Number.NaN, sem: Number.NaN, median };
      return Number(
        /z of the median = (\S+)/.exec(
          said(numpyScript(recipe, { ...none, seed: 1, errors: [], literal: false }), 40),
        )?.[1],
      );
    };
    expect(z(0)).toBeLessThan(-6);
    expect(z(1e9)).toBeGreaterThan(6);
    const median = Number(
      /median (\S+)\)/.exec(said(numpyScript(recipe, { ...ABOUT, seed: 2, errors: [], literal: false }), 40))![1],
    );
    expect(Math.abs(z(median))).toBeLessThan(4);
  });
});

it('is refused where NumPy would not do', () => {
  const [{ recipe }] = casesOf('replace') as [Case];
  const { estimate, spectrum } = recipe;
  expect(unwritable(recipe)).toBeNull();
  const many = [{ ...estimate.data[0]!, rows: 1e9 }];
  expect(unwritable({ ...recipe, estimate: { ...estimate, data: many } })).toContain('a script holds');
  expect(unwritable({ ...recipe, spectrum: spectrum.map((s, j) => s * 10 ** (-3 * j)) })).toContain('zero to NumPy');
});
