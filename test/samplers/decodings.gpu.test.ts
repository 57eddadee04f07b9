/**
 * Plan. What decodings make of counts, against the definition in f64: logarithms, the decimals that shares are written as, no code of the
 * samplers. Temperatures from 1e-320 to 1e300, shares from 1e-7 to 1 - 1e-9 and where n p is an integer, the crossing token kept and
 * dropped; counts that are equal, one, none, in one context, and up to 10^5 beside small ones in others.
 * - device and reference give the same integers; each token's part of their sum is its probability to 2^-30, and 0 where it is dropped;
 * - errors of `bigram` have the mean of simulations by the definition, with other random numbers, to four standard errors: chains of
 *   one to three generators, decoded and not, with sizes of their own, mixed with true pairs, and sequences, whose contexts
 *   are weighed as they come in true ones.
 */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { pairModel } from '../../src/kernels/pairs.ts';
import { runOnce } from '../../src/kernels/run-once.ts';
import { regimes } from '../../src/regimes/index.ts';
import type { Decoding, PairRecipe } from '../../src/regimes/pair-recipe.ts';
import { powersOf, shareBounds } from '../../src/samplers/tokens/pairs/decoding.ts';
import { pairs } from '../../src/samplers/tokens/pairs/index.ts';
import { decoded, runningSums } from '../../src/samplers/tokens/pairs/reference.ts';
import { turnsOf } from '../../src/samplers/tokens/pairs/world.ts';
import { useGpu } from '../support/gpu.ts';
import { deviceErrors } from '../support/sampler-promise.ts';
import { meanOf, uniforms } from '../theory/tails/random.ts';

const context = useGpu();

/** A number as a fraction of integers, from the decimal it is written as. */
function decimal(p: number): readonly [bigint, bigint] {
  const [digits, power] = p.toExponential().split('e');
  const [whole, part = ''] = digits!.split('.');
  return [BigInt(whole! + part), 10n ** BigInt(part.length - Number(power))];
}

/** What a token is followed by: the smallest set of the most frequent tokens with at least the share, or with at most, and c^(1/tau) in it. */
function lawOf(counts: ArrayLike<number>, { temperature, topP, crossing }: Decoding): number[] {
  const [over, under] = decimal(topP);
  const all = Array.from(counts);
  const n = BigInt(all.reduce((sum, count) => sum + count, 0));
  const kept = new Set<number>();
  let mass = 0n;
  for (const j of [...all.keys()].sort((a, b) => all[b]! - all[a]! || a - b)) {
    const beyond = crossing === 'kept' ? mass * under >= over * n : (mass + BigInt(all[j]!)) * under > over * n;
    if (all[j] === 0 || (kept.size > 0 && beyond)) break;
    kept.add(j);
    mass += BigInt(all[j]!);
  }
  const most = Math.max(...all);
  const powers = all.map((count, j) => (kept.has(j) ? Math.exp(Math.log(count / most) / temperature) : 0));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

const TOKENS = 70;

const ROWS = [
  [3, 1, 1],
  [1, 1, 2, 1],
  [4, 4, 4, 4, 4],
  [1],
  [],
  [0, 0, 7],
  [99_900, 40, 40, 19, 1],
  [50_000, 49_999, 2, 1],
  Array.from({ length: TOKENS }, (_, j) => Math.round(3e4 * (j + 1) ** -1.5)),
  Array.from({ length: TOKENS }, (_, j) => ((7 * j) % TOKENS) + 1),
  new Array<number>(TOKENS).fill(100),
].map((row) => [...row, ...new Array<number>(TOKENS - row.length).fill(0)]);

const plain: Decoding = { temperature: 1, topP: 1, crossing: 'kept' };
const decodings: readonly Decoding[] = [
  ...[1e-320, 1e-9, 1e-6, 1e-3, 0.1, 0.5, 0.9, 1, 2, 5, 100, 1e300].map((temperature) => ({ ...plain, temperature })),
  ...[1e-7, 1e-5, 0.2, 0.25, 0.6, 0.8, 0.95, 1 - 1e-9].flatMap((topP) =>
    (['kept', 'dropped'] as const).map((crossing): Decoding => ({ temperature: 1, topP, crossing })),
  ),
  { temperature: 0.3, topP: 0.8, crossing: 'kept' },
  { temperature: 3, topP: 0.6, crossing: 'dropped' },
];

describe('decodings', () => {
  it.each(decodings)('%j', async (decoding) => {
    const { temperature, topP, crossing } = decoding;
    const powers = temperature === 1 ? null : powersOf(temperature, 10 ** 5);
    const [share_high, share_low] = shareBounds(topP)[crossing === 'kept' ? 'least' : 'most'];
    const { model } = await runOnce(context.gpu, context.launcher, pairModel, {
      buffers: {
        counts: Uint32Array.from(ROWS.flat()),
        powers: powers ?? new Uint32Array(1),
        model: new Uint32Array(ROWS.length * (TOKENS + 1)),
      },
      launch: { contexts: ROWS.length, tokens: TOKENS, share_high, share_low },
      groups: ROWS.length,
      constants: { POWERS: powers !== null, TOP_P: topP < 1, CROSSING: crossing === 'kept' },
    });
    context.gpu.assertHealthy();
    const device = new Uint32Array(model);
    for (const [i, row] of ROWS.entries()) {
      const sums = runningSums(decoded(Float64Array.from(row), decoding, powers));
      expect([...device.subarray(i * TOKENS, (i + 1) * TOKENS)]).toEqual([...sums]);
      if (row.every((count) => count === 0)) continue;
      const law = lawOf(row, decoding);
      sums.forEach((sum, j) => {
        const chance = (sum - (sums[j - 1] ?? 0)) / sums.at(-1)!;
        expect(Math.abs(chance - law[j]!), `context ${i}, token ${j}`).toBeLessThan(2 ** -30);
        if (law[j] === 0) expect(chance).toBe(0);
      });
    }
  });
});

interface Chain {
  /** Pairs or sequences of each generator, first to last, then of the last model. */
  readonly sizes: readonly number[];
  /** The first so many of what each generator but the first, and the last model, learns from are true. */
  readonly real: (size: number) => number;
  /** Whether true ones are the beginning of what the first generator has learnt from. */
  readonly own: boolean;
}

const [CONTEXTS, NEXT] = [6, 30];
const zipf = (exponent: number, support: number) => {
  const powers = Array.from({ length: support }, (_, i) => (i + 1) ** -exponent);
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
};
/** Chances of the tokens after each context: those of their ranks, in the order that the context gives them. */
const lawsOf = (world: PairRecipe, exponent: number, tokens: number, contexts: number) => {
  const turns = turnsOf(world);
  return Array.from({ length: contexts }, (_, i) => {
    const row = new Array<number>(tokens).fill(0);
    for (const [rank, p] of zipf(exponent, tokens).entries())
      row[(turns[2 * i]! * rank + turns[2 * i + 1]!) % tokens] = p;
    return row;
  });
};

/** Draws from a law, by halving its running sums. */
function drawer(law: readonly number[], uniform: () => number): () => number {
  let sum = 0;
  const sums = law.map((p) => {
    sum += p;
    return sum;
  });
  return () => {
    const u = uniform() * sum;
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! > u) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

const total = (row: readonly number[]) => row.reduce((a, b) => a + b, 0);

/** Mean variation of pairs by the definition. */
function simulated(world: PairRecipe, { sizes, real, own }: Chain, decoding: Decoding, trials: number) {
  const uniform = uniforms(11);
  const first = zipf(2, CONTEXTS);
  const laws = lawsOf(world, 1.5, NEXT, CONTEXTS);
  type Pairs = (readonly [number, number])[];
  const sampler = (contexts: readonly number[], nexts: readonly (readonly number[])[]) => {
    const [context, tokens] = [drawer(contexts, uniform), nexts.map((law) => drawer(law, uniform))];
    return (size: number): Pairs =>
      Array.from({ length: size }, () => {
        const i = context();
        return [i, tokens[i]!()] as const;
      });
  };
  const countsOf = (data: Pairs) => {
    const counts = first.map(() => new Array<number>(NEXT).fill(0));
    for (const [i, j] of data) counts[i]![j]!++;
    return counts;
  };
  const truth = sampler(first, laws);
  const errors = Array.from({ length: trials }, () => {
    let data = truth(sizes[0]!);
    const known = data;
    for (const size of sizes.slice(1)) {
      const counts = countsOf(data);
      const came = counts.map(total);
      const model = sampler(
        came,
        counts.map((row, i) => (came[i]! > 0 ? lawOf(row, decoding) : [])),
      );
      const share = real(size);
      data = [...(own ? known.slice(0, share) : truth(share)), ...model(size - share)];
    }
    return countsOf(data).reduce((error, row, i) => {
      const n = total(row);
      return error + first[i]! * (n === 0 ? 2 : row.reduce((sum, c, j) => sum + Math.abs(c / n - laws[i]![j]!), 0));
    }, 0);
  });
  return meanOf(errors);
}

const recipesOf = (parameters: JsonObject): readonly PairRecipe[] =>
  parseExperiment(
    {
      name: 'a',
      regime: 'bigram',
      contexts: { exponent: 2, support: CONTEXTS },
      next: { support: NEXT },
      ...parameters,
    },
    regimes,
  ).panels[0]!.cells.map(({ parameters: p }) => regimes.get('bigram')!.recipe(p) as PairRecipe);

const TRIALS = 400;

async function expectMean(parameters: JsonObject, oracle: { readonly mean: number; readonly error: number }) {
  const [errors] = await deviceErrors(pairs, { seed: 5, recipes: recipesOf(parameters) }, context.launcher, TRIALS);
  const { mean, error } = meanOf([...errors!]);
  expect(Math.abs(mean - oracle.mean) / Math.hypot(error, oracle.error)).toBeLessThan(4);
}

describe('errors of bigram', () => {
  const none = { real: () => 0, own: false };
  it.each<[string, Partial<Decoding>, Chain, JsonObject]>([
    ['true pairs', {}, { sizes: [300], ...none }, { downstream: { samples: 300 }, generations: [0] }],
    [
      'three generators',
      {},
      { sizes: [200, 300, 300, 400], ...none },
      { generator: { samples: 200, later: 300 }, downstream: { samples: 400 }, generations: [3] },
    ],
    ...([0.001, 0.1, 0.4, 2, 100] as const).map((temperature): [string, Partial<Decoding>, Chain, JsonObject] => [
      `temperature ${temperature}`,
      { temperature },
      { sizes: [300, 300, 300], ...none },
      { generator: { samples: 300, temperature }, downstream: { samples: 300 }, generations: [2] },
    ]),
    ...(
      [
        [1e-7, 'kept'],
        [0.8, 'kept'],
        [0.8, 'dropped'],
        [0.6, 'dropped'],
      ] as const
    ).map(([topP, crossing]): [string, Partial<Decoding>, Chain, JsonObject] => [
      `top-p ${topP}, ${crossing}`,
      { topP, crossing },
      { sizes: [100, 100, 100], ...none },
      { generator: { samples: 100, topP, crossing }, downstream: { samples: 100 }, generations: [2] },
    ]),
    [
      'fresh true pairs',
      {},
      { sizes: [200, 200, 200], real: (size) => Math.round(0.3 * size), own: false },
      { generator: { samples: 200 }, downstream: { samples: 200, real: 0.3 }, generations: [2] },
    ],
    [
      'true pairs that run out',
      { topP: 0.9 },
      { sizes: [100, 300, 300], real: (size) => Math.min(80, Math.round(0.5 * size)), own: true },
      {
        generator: { samples: 100, later: 300, topP: 0.9 },
        downstream: { samples: 300, real: 0.5, realMost: 80 },
        generations: [2],
      },
    ],
  ])('%s', async (_, decoding, chain, parameters) => {
    const [recipe] = recipesOf(parameters);
    await expectMean(parameters, simulated(recipe!, chain, { ...plain, ...decoding }, TRIALS));
  });

  it.each(['variation', 'perplexity'] as const)('weigh contexts as they come in sequences: %s', async (kind) => {
    const [tokens, length, size, clip] = [8, 5, 30, 4];
    const parameters: JsonObject = {
      contexts: { exponent: 1.5, support: tokens },
      next: { exponent: 3, support: tokens },
      length,
      measure: { kind, ...(kind === 'perplexity' && { clip }) },
      downstream: { samples: size },
      generations: [0],
    };
    const [recipe] = recipesOf(parameters);
    const laws = lawsOf(recipe!, 3, tokens, tokens);
    const uniform = uniforms(5);
    const start = drawer(zipf(1.5, tokens), uniform);
    const following = laws.map((law) => drawer(law, uniform));
    const counted = (sequences: number) => {
      const counts = laws.map(() => new Array<number>(tokens).fill(0));
      for (let s = 0; s < sequences; s++)
        for (let k = 0, i = start(); k < length; k++) {
          const j = following[i]!();
          counts[i]![j]!++;
          i = j;
        }
      return counts.map((row) => ({ row, n: total(row) }));
    };
    // The test set: true sequences, so many that their error is nothing beside the other.
    const test = counted(200_000).map(({ n }) => n / (200_000 * length));
    const errors = Array.from({ length: 1000 }, () => {
      const error = counted(size).reduce((sum, { row, n }, i) => {
        const distance = n === 0 ? 2 : row.reduce((all, c, j) => all + Math.abs(c / n - laws[i]![j]!), 0);
        const loss = row.reduce((all, c, j) => all + laws[i]![j]! * Math.min(clip, c > 0 ? -Math.log(c / n) : clip), 0);
        return sum + test[i]! * (kind === 'variation' ? distance : loss);
      }, 0);
      return kind === 'variation' ? error : Math.exp(error);
    });
    await expectMean(parameters, meanOf(errors));
  });
});
