/**
 * Plan. What is particular to `bigram`:
 * - chains of generators have the sizes that the file gives them, and share draws: what a generator has learnt is the beginning of
 *   what the last model of its generation learns;
 * - mixes take true pairs up to those there are, from the first generator's own, or as many fresh ones as wanted;
 * - theory is there for the truth and for cut conditionals, and nowhere else;
 * - settings that contradict each other are refused.
 */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { regimes } from '../../src/regimes/index.ts';
import { isPairModel, type PairRecipe, type PairSample } from '../../src/regimes/pair-recipe.ts';

const experiment = (parameters: JsonObject) =>
  parseExperiment(
    { name: 'a', regime: 'bigram', contexts: { support: 5 }, next: { support: 30 }, ...parameters },
    regimes,
  );

function recipesOf(parameters: JsonObject): readonly PairRecipe[] {
  const [panel] = experiment(parameters).panels;
  return panel!.cells.map((cell) => regimes.get('bigram')!.recipe(cell.parameters) as PairRecipe);
}

/** Names and sizes of training samples, generator by generator back to the truth. */
function lineage(training: readonly PairSample[]): readonly string[][] {
  const last = training.at(-1)!;
  const own = training.map(({ draw, size }) => `${draw.unit}/${draw.generation} ${size}`);
  return isPairModel(last.from) ? [...lineage(last.from.training), own] : [own];
}

describe('recipes', () => {
  it('of chains', () => {
    const [none, one, two] = recipesOf({
      generator: { samples: 10, later: 70 },
      downstream: { samples: 40 },
      generations: [0, 1, 2],
    });
    expect(lineage(none!.training)).toEqual([['bigram/clean/0 40']]);
    expect(lineage(one!.training)).toEqual([['bigram/clean/0 10'], ['bigram/synthetic/1 40']]);
    expect(lineage(two!.training)).toEqual([
      ['bigram/clean/0 10'],
      ['bigram/synthetic/1 70'],
      ['bigram/synthetic/2 40'],
    ]);
  });

  it('of chains with as many pairs everywhere', () => {
    const [chain] = recipesOf({
      generator: { samples: 'as downstream' },
      downstream: { samples: 40 },
      generations: [2],
    });
    expect(lineage(chain!.training)).toEqual([
      ['bigram/clean/0 40'],
      ['bigram/synthetic/1 40'],
      ['bigram/synthetic/2 40'],
    ]);
  });

  it('of mixes that run out of true pairs', () => {
    const [few, many] = recipesOf({
      generator: { samples: 100, later: 900 },
      downstream: { samples: [80, 600], real: 0.5, realMost: 100 },
      generations: [2],
    });
    const generators = [['bigram/clean/0 100'], ['bigram/clean/0 100', 'bigram/synthetic/1 800']];
    expect(lineage(few!.training)).toEqual([...generators, ['bigram/clean/0 40', 'bigram/synthetic/2 40']]);
    expect(lineage(many!.training)).toEqual([...generators, ['bigram/clean/0 100', 'bigram/synthetic/2 500']]);
  });

  it('of mixes with fresh pairs', () => {
    const [mix] = recipesOf({ generator: { samples: 100 }, downstream: { samples: 80, real: 0.25 }, generations: [1] });
    expect(lineage(mix!.training)).toEqual([['bigram/clean/0 100'], ['bigram/real/1 20', 'bigram/synthetic/1 60']]);
  });
});

it('knows the error of the truth and of cut conditionals', () => {
  const theoryOf = (parameters: JsonObject) => {
    const [panel] = experiment({ downstream: { samples: 50 }, ...parameters }).panels;
    return regimes.get('bigram')!.theory(panel!.cells[0]!.parameters);
  };
  expect(theoryOf({ generations: [0] })).toMatchObject({ source: expect.stringContaining('Thm 4.1') });
  expect(theoryOf({ generator: { last: 7 }, generations: [1] })).toMatchObject({
    source: expect.stringContaining('Thm 4.2'),
  });
  expect(theoryOf({ generator: { samples: 20 }, generations: [1] })).toBeNull();
  expect(theoryOf({ contexts: { support: 30 }, length: 3, generations: [0] })).toBeNull();
});

describe('refuses', () => {
  it.each<[string, JsonObject]>([
    ['generations without a generator', { generations: [1] }],
    ['a generator that knows and learns', { generator: { last: 3, samples: 10 }, generations: [1] }],
    ['a generator that does neither', { generator: { topP: 0.9 }, generations: [1] }],
    ['a known law that is decoded', { generator: { last: 3, topP: 0.9 }, generations: [1] }],
    [
      'true pairs that nobody has',
      { generator: { samples: 10 }, downstream: { samples: 50, realMost: 11 }, generations: [1] },
    ],
    ['sequences of tokens that are no contexts', { length: 2, generations: [0] }],
  ])('%s', (_, parameters) => {
    expect(() => experiment({ downstream: { samples: 50 }, ...parameters })).toThrow();
  });
});
