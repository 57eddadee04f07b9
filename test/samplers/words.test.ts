/**
 * Words: what a recipe asks of a sampler.
 * - Each optional field of a block and of a fit is a word of its own, each kind of recipe, truth and law another.
 * - A sampler refuses any word that it does not know by name, before it is asked anything else.
 * - What no word says, `direct` and `wishart` refuse with a sentence: weighted rows of which a part is seen, blocks that overlap.
 */

import { describe, expect, it } from 'vitest';
import { regimes } from '../../src/regimes/index.ts';
import type { Block, Fit, LinearRecipe, Recipe } from '../../src/regimes/recipe.ts';
import { PHRASES, type Word, wordsOf } from '../../src/regimes/words.ts';
import { samplers } from '../../src/samplers/index.ts';
import { refusalOf } from '../../src/samplers/sampler.ts';
import { contractExperiments } from '../regimes/contract-cases.ts';

const draw = (unit: string) => ({ unit, generation: 0 });
const block = (change: Partial<Block> = {}): Block => ({
  rows: 9,
  inputs: draw('x'),
  errors: draw('e'),
  labels: 'truth',
  noise: 0.1,
  ...change,
});
const recipe = (change: Partial<Fit> = {}): LinearRecipe => ({
  kind: 'linear',
  dimension: 4,
  spectrum: [1, 1, 1, 1],
  truth: { kind: 'sphere', norm: 1 },
  estimate: { data: [block()], ridge: 0.1, ...change },
});
const shifted = { shift: draw('s'), deviations: [1, 1, 1, 1], scale: 0.1 };
const other = block({ inputs: draw('y'), errors: draw('f') });
const PLAIN = ['linear', 'truth sphere'];

describe('the words of a regression', () => {
  it.each<[Word, Partial<Fit>]>([
    ['several blocks', { data: [block(), other] }],
    ['part', { data: [block({ first: 3 })] }],
    ['weight', { data: [block({ weight: 2 })] }],
    ['covariance', { data: [block({ spectrum: [1, 2, 3, 4] })] }],
    ['projection', { projection: { features: 3, draw: draw('S') } }],
    ['subsample', { subsample: { rows: 5, draw: draw('A') } }],
    ['shift', { data: [block({ labels: shifted })] }],
    ['scale', { data: [block({ labels: { factors: [1, 0, 2, -1] } })] }],
    ['generations', { data: [block({ labels: { data: [other], ridge: 0 } })] }],
  ])('%s', (word, change) => {
    expect([...wordsOf(recipe(change))].sort()).toEqual([...PLAIN, word].sort());
  });

  it('are also those of the fits behind it', () => {
    const behind: Fit = { data: [block({ weight: 3 }), other], ridge: 0, projection: { features: 3, draw: draw('S') } };
    const words = wordsOf(recipe({ data: [block({ labels: behind })] }));
    expect([...words].sort()).toEqual([...PLAIN, 'generations', 'projection', 'several blocks', 'weight'].sort());
  });
});

describe('an unknown word', () => {
  const all = contractExperiments({ seed: 1 }).flatMap((experiment) =>
    experiment.panels.flatMap(({ regime, cells }) => cells.map((c) => regimes.get(regime)!.recipe(c.parameters))),
  );

  it('is refused by its name, for every sampler and every regime', () => {
    for (const sampler of samplers.values())
      for (const one of all) {
        const unknown = [...wordsOf(one)].find((word) => !sampler.knows.has(word));
        if (unknown) expect(refusalOf(sampler, one)).toBe(`${sampler.name} draws no ${PHRASES[unknown]}`);
      }
  });

  it.each([...samplers.values()])('is refused before $name is asked', (sampler) => {
    const taught = { ...sampler, knows: new Set<Word>(), refuses: () => 'asked' };
    expect(refusalOf(taught, recipe())).toBe(`${sampler.name} draws no linear regressions`);
  });

  it('is known to some sampler, and so is every word of the vocabulary', () => {
    const known = new Set([...samplers.values()].flatMap(({ knows }) => [...knows]));
    expect([...known].sort()).toEqual(Object.keys(PHRASES).sort());
  });
});

describe.each(['direct', 'wishart'])('%s', (name) => {
  const refusal = (change: Partial<Fit>): string | null => refusalOf(samplers.get(name)!, recipe(change) as Recipe);
  const direct = name === 'direct';

  it.each<[string, readonly Block[]]>([
    ['a part that begins within another', [block(), block({ first: 4 })]],
    ['more rows of the same', [block(), block({ rows: 12 })]],
    ['the same rows of another covariance', [block(), block({ spectrum: [1, 2, 3, 4] })]],
  ])('refuses blocks that overlap: %s', (_, data) => {
    expect(refusal({ data })).toMatch(/rows in common without being the same rows/);
  });

  it('draws blocks side by side, and the same rows twice', () => {
    expect(refusal({ data: [block(), block({ first: 9 })] })).toBeNull();
    expect(refusal({ data: [block(), block({ errors: draw('f') })] })).toBe(null);
  });

  it('draws no weighted rows of which a random part is seen', () => {
    const data = [block({ weight: 2 }), other];
    const subsample = { rows: 5, draw: draw('A') };
    expect(refusal({ data, subsample })).toMatch(direct ? /weighted blocks of which a random part/ : /random part/);
    expect(refusal({ data: [block(), other], subsample }) === null).toBe(direct);
  });
});
