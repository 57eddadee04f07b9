/**
 * Plan. What files may say of judges, verifiers and classifiers, and what their recipes are.
 * - What cannot be is refused with the place and the reason: directions without vectors, rules that keep too few or what is not there, numbers
 *   that belong to another rule, estimates without class means, printed theorems of what has none, a band that hardly accepts a label
 * - A band of scores is what lies between two shares of the rows: hard and easy are its ends
 * - Printed theorems differ from the corrected ones as docs/theory.md says
 * - Accumulated rounds: fit t has the rows of all rounds so far with the labels that they were given, and replaced ones their own alone
 */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { normalCdf } from '../../src/reference/normal-law.ts';
import { type ClassRecipe, classFitsBehind } from '../../src/regimes/class-recipe.ts';
import { regimes } from '../../src/regimes/index.ts';
import { samplers } from '../../src/samplers/index.ts';
import { refusalOf } from '../../src/samplers/sampler.ts';

const curated = { dimension: 20, downstream: { samples: 400, ridge: 0.1 } };
const verified = { dimension: 20, separation: 1, synthetic: { samples: 400, flips: 0.2 }, downstream: { ridge: 0.1 } };
const accepted = {
  truth: { coefficient: 0.5 },
  real: { samples: 10 },
  verifier: { band: 1 },
  synthetic: { samples: 20 },
};
const passed = { dimension: 20, separation: 1, generator: { cosine: 0.8 }, samples: 400 };

const parsed = (regime: string, ...layers: readonly JsonObject[]) =>
  parseExperiment({ name: 'test', regime, ...Object.assign({}, ...layers) }, regimes);

const refused: readonly (readonly [string, JsonObject, RegExp])[] = [
  ['curation', { ...curated, judge: { cosine: 1, withGenerator: 0.5 } }, /judge\.withGenerator.*no vectors/s],
  ['curation', { ...curated, keep: { rule: 'hard', share: 0.1 } }, /keep\.share.*keeps about 40 of 400/s],
  ['curation', { ...curated, keep: { rule: 'easy', share: 0.5, nearest: 0.2 } }, /keep\.nearest.*rule band/s],
  ['curation', { ...curated, keep: { rule: 'band', share: 0.7, nearest: 0.4 } }, /keep\.nearest.*more than the rest/s],
  [
    'verification',
    { ...verified, separation: 0, synthetic: { ...verified.synthetic, estimate: 'mean' } },
    /synthetic\.estimate.*separation above 0/s,
  ],
  ['verification', { ...verified, theory: 'printed' }, /theory.*estimated mean/s],
  [
    'verifier-chances',
    { ...passed, judge: { cosine: 0.9, withGenerator: -0.9 }, labels: 'wrong' },
    /judge\.withGenerator.*no vectors/s,
  ],
  [
    'verifier-chances',
    { ...passed, judge: { cosine: 0.9, withGenerator: 0.8 }, labels: 'right', theory: 'printed' },
    /theory.*wrong labels/s,
  ],
  ['verified-regression', { ...accepted, verifier: { centre: 9, band: 1 } }, /verifier\.band.*need 0\.002/s],
];

it.each(refused)('%s refuses %j', (regime, settings, why) => {
  expect(() => parsed(regime, settings)).toThrow(why);
});

const recipeOf = (regime: string, ...layers: readonly JsonObject[]) =>
  regimes.get(regime)!.recipe(parsed(regime, ...layers).panels[0]!.cells.at(-1)!.parameters) as ClassRecipe;

describe('a band', () => {
  const bounds = (keep: JsonObject) => recipeOf('curation', curated, { keep }).estimate.fit.blocks[0]!.keep;
  const share = ({ least, most }: { readonly least: number; readonly most: number }) =>
    2 * (normalCdf(most) - normalCdf(least));

  it('lies between two shares of the rows', () => {
    const band = bounds({ rule: 'band', share: 0.3, nearest: 0.25 });
    expect(share({ least: 0, most: band.least })).toBeCloseTo(0.25, 9);
    expect(share(band)).toBeCloseTo(0.3, 9);
  });

  it('has hard and easy rows for its ends', () => {
    expect(bounds({ rule: 'band', share: 0.4, nearest: 0 })).toEqual(bounds({ rule: 'hard', share: 0.4 }));
    expect(bounds({ rule: 'band', share: 0.4, nearest: 0.6 })).toEqual(bounds({ rule: 'easy', share: 0.4 }));
  });
});

describe('printed theorems', () => {
  const predicted = (regime: string, ...layers: readonly JsonObject[]) => {
    const prediction = regimes.get(regime)!.theory(parsed(regime, ...layers).panels[0]!.cells[0]!.parameters);
    if (prediction?.kind !== 'value') throw new Error('no value');
    return prediction.value;
  };

  it('take an estimated mean for the mean', () => {
    const estimated = { synthetic: { ...verified.synthetic, estimate: 'mean', behind: 40 } };
    const printed = predicted('verification', verified, estimated, { theory: 'printed' });
    expect(printed).toBeCloseTo(predicted('verification', verified), 12);
    expect(predicted('verification', verified, estimated)).toBeGreaterThan(1.05 * printed);
  });

  it('let more pass than there is', () => {
    const wrong = { ...passed, judge: { cosine: 0.9, withGenerator: 0.8 }, labels: 'wrong' };
    expect(predicted('verifier-chances', wrong, { theory: 'printed' })).toBeGreaterThan(1);
    expect(predicted('verifier-chances', wrong)).toBeLessThan(1);
  });
});

describe('rounds of logistic fits', () => {
  const chain = { dimension: 3, truth: { norm: 1 }, downstream: { samples: 100 }, generations: 2 };
  const rounds = (data: string) =>
    classFitsBehind(recipeOf('logistic-chain', chain, { data, measure: 'distance' }).estimate.fit).map(({ blocks }) =>
      blocks.map(({ draw, labels }) => [draw.generation, labels === 'truth' ? 'truth' : 'fit']),
    );

  it('keep their labels, or have their own alone', () => {
    expect(rounds('replace')).toEqual([[[0, 'truth']], [[1, 'fit']], [[2, 'fit']]]);
    expect(rounds('accumulate')).toEqual([
      [[0, 'truth']],
      [
        [0, 'truth'],
        [1, 'fit'],
      ],
      [
        [0, 'truth'],
        [1, 'fit'],
        [2, 'fit'],
      ],
    ]);
  });

  it('are drawn row by row, and span says why it does not', () => {
    const recipe = recipeOf('logistic-chain', chain, { data: 'accumulate', measure: 'distance' });
    expect(refusalOf(samplers.get('newton')!, recipe)).toBeNull();
    expect(refusalOf(samplers.get('span')!, recipe)).toMatch(/logistic classifiers/);
  });
});
