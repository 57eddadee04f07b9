import { describe, expect, it } from 'vitest';
import { DeviceTooSmall } from '../../src/program/cost.ts';
import { aliasTable, memberOf, tokenOf } from '../../src/reference/discrete.ts';
import { Purpose } from '../../src/reference/normal.ts';
import { threefry4x32 } from '../../src/reference/threefry.ts';
import type { Law, MemoryRecipe, PoissonMemoryRecipe, Sample } from '../../src/regimes/discrete-recipe.ts';
import { streamKey } from '../../src/samplers/address.ts';
import { refusalOf, type Sampler } from '../../src/samplers/sampler.ts';
import { tokens } from '../../src/samplers/tokens/literal/index.ts';
import { integerMasses, tableOf, WHOLE } from '../../src/samplers/tokens/masses.ts';
import { poisson } from '../../src/samplers/tokens/poisson/index.ts';
import { tokenScheduleOf } from '../../src/samplers/tokens/schedule.ts';
import { cut, type TokenLaw, tailOf, zipf } from '../../src/theory/tails/laws.ts';
import { costOn } from '../support/programs.ts';
import { memory, sampleOf, ZIPF } from '../support/tokens.ts';

/*
 * Plan: what the samplers of tokens rest on, without a device; tokens.gpu.test.ts has the device.
 * - integer masses sum to the whole; every token and every tail is within a unit of the law; the lump is the rest
 * - an alias table gives every token exactly its integer mass: the thresholds of all columns, added up
 * - draws from a table have its law, members of a list are uniform: chi-square, 4 standard deviations, seed not searched for
 * - a sweep over T is one look; a chain of n generations is n streams, and two buffers at most; sets of fixed sizes are one
 *   look for each fixed size
 * - what is refused, what is too small and what would fit
 */

const laws: [string, TokenLaw, number][] = [
  ['a Zipf law', zipf(1.5, 1000), 1000],
  ['a steep one with 10^6 tokens', zipf(2, 2 ** 20 - 1), 2 ** 20 - 1],
  ['a renormalised one', zipf(1.2, 4096, 'renormalised'), 4096],
  ['a cut one among more tokens', cut(zipf(1.5, 1000), 7), 1000],
  ['a tail', tailOf(zipf(1.5, 1000), 100), 1000],
  ['one token', zipf(3, 1), 1],
];

describe.each(laws)('%s in integers', (_, law, count) => {
  it('sums to the whole and is within a unit everywhere', () => {
    const masses = integerMasses(law, count, WHOLE);
    let sum = 0;
    let exact = 0;
    let farthest = 0;
    for (let i = 0; i < count; i++) {
      const unit = law.mass(i + 1) * WHOLE;
      sum += masses[i]!;
      exact += unit;
      farthest = Math.max(farthest, Math.abs(masses[i]! - unit) / (1 + 1e-6 * unit));
      farthest = Math.max(farthest, Math.abs(sum - exact) / (1 + 1e-6 * exact));
    }
    expect(farthest).toBeLessThanOrEqual(1);
    expect(sum + masses[count]!).toBe(WHOLE);
    expect(masses[count]! / WHOLE).toBeCloseTo(law.beyond, 6);
  });

  it('has a table that gives every token its integer mass', () => {
    const { bits, words } = tableOf(law, count);
    const chances = new Float64Array(count + 1);
    for (let c = 0; c < 2 ** bits; c++) {
      if (words[2 * c]! > 0) chances[c]! += words[2 * c]!;
      chances[words[2 * c + 1]!]! += 2 ** 32 - words[2 * c]!;
    }
    const masses = integerMasses(law, count, 2 ** (32 + bits));
    expect(chances.findIndex((chance, i) => chance !== masses[i])).toBe(-1);
  });
});

describe('random integers', () => {
  const key = streamKey(1, { unit: 'chi-square', generation: 0 });

  it('from a table have its law', () => {
    const law = zipf(1.3, 40);
    const table = tableOf(law, 40);
    const counts = new Float64Array(41);
    const draws = 200_000;
    for (let i = 0; i < draws / 2; i++) {
      const [a, b, c, d] = threefry4x32([0, i, 0, Purpose.token], key);
      counts[tokenOf(table, a, b)]!++;
      counts[tokenOf(table, c, d)]!++;
    }
    expectLaw(counts, (i) => (i < 40 ? law.mass(i + 1) : law.beyond), draws);
  });

  it('from a table of two columns are decided by the second word', () => {
    const table = aliasTable(new Float64Array([3 * 2 ** 31, 2 ** 31]), 1);
    expect([0, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1].map((word) => tokenOf(table, 2 ** 31, word))).toEqual([1, 1, 0, 0]);
    expect(tokenOf(table, 0, 12345)).toBe(0);
  });

  it.each([3, 100, 3 * 2 ** 30])('below %d are uniform', (size) => {
    const cells = Math.min(size, 96);
    const counts = new Float64Array(cells);
    const draws = 100_000;
    for (let i = 0; i < draws; i++) {
      const member = memberOf(key, 1, i >> 2, (i & 3) as 0 | 1 | 2 | 3, Purpose.token, size);
      counts[Math.floor((member / size) * cells)]!++;
    }
    const share = (cell: number) => (Math.ceil(((cell + 1) * size) / cells) - Math.ceil((cell * size) / cells)) / size;
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(draws);
    expectLaw(counts, share, draws);
  });
});

function expectLaw(counts: Float64Array, chance: (i: number) => number, draws: number): void {
  const freedom = counts.length - 1;
  const squares = counts.reduce((sum, n, i) => sum + (n - draws * chance(i)) ** 2 / (draws * chance(i)), 0);
  expect(Math.abs(squares - freedom)).toBeLessThan(4 * Math.sqrt(2 * freedom));
}

describe('a schedule', () => {
  it('draws a sweep over T in one pass', () => {
    const { steps, cells } = tokenScheduleOf([100, 10, 1000].map((size) => memory([sampleOf(size)])));
    expect(steps).toEqual([
      {
        kind: 'look',
        look: { parts: [{ stream: 0, size: 1000, offset: 0 }], checkpoints: [10, 100, 1000], firstBin: 0 },
        keep: null,
      },
    ]);
    expect(cells.map(({ lastBin }) => lastBin)).toEqual([1, 0, 2]);
  });

  it('draws each generation of a chain once, in two buffers', () => {
    const chain = (n: number): Sample => (n === 0 ? sampleOf(50) : sampleOf(50, chain(n - 1), n));
    const schedule = tokenScheduleOf([0, 1, 2, 5].map((n) => memory([chain(n)])));
    expect(schedule.streams).toHaveLength(6);
    expect(schedule.slots).toBe(2);
    expect(schedule.steps.map((step) => step.kind)).toEqual(['look', 'look', 'look', 'keep', 'keep', 'look']);
  });

  it('keeps what later cells need, whatever their order', () => {
    const long = sampleOf(90);
    const other = sampleOf(30, ZIPF, 7);
    const schedule = tokenScheduleOf([memory([sampleOf(20, long, 1), other]), memory([sampleOf(40)]), memory([other])]);
    for (const [at, step] of schedule.steps.entries()) {
      const parts = step.kind === 'look' ? step.look.parts : [{ stream: step.stream }];
      for (const { stream } of parts) {
        const { from } = schedule.streams[stream]!;
        if (!('stream' in from)) continue;
        const kept = schedule.steps
          .slice(0, at)
          .some((before) =>
            before.kind === 'keep'
              ? before.stream === from.stream && before.size >= from.size
              : before.keep !== null && before.look.parts[0]!.stream === from.stream && before.keep.size >= from.size,
          );
        expect(kept).toBe(true);
      }
    }
  });

  it('looks at sets of fixed sizes once for each', () => {
    const real = (size: number) => sampleOf(size, ZIPF, 0);
    const synthetic = (size: number) => sampleOf(size, { kind: 'cut', law: ZIPF, last: 9 }, 1);
    const pairs = [5, 50].flatMap((t) => [10, 20, 30].map((u) => memory([real(t), synthetic(u)])));
    const { steps, bins } = tokenScheduleOf(pairs);
    expect(steps.map((step) => step.kind === 'look' && step.look.checkpoints)).toEqual([
      [15, 25, 35],
      [60, 70, 80],
    ]);
    expect(bins).toBe(6);
  });
});

describe('the samplers of tokens', () => {
  const limits = {
    maxStorageBufferBindingSize: 2 ** 20,
    maxBufferSize: 2 ** 28,
    maxComputeWorkgroupsPerDimension: 65535,
  };
  const wide: Law = { kind: 'zipf', exponent: 1.5, support: 2 ** 20 - 1, tail: 'lumped' };
  const poissonian = (training: readonly Sample[]): PoissonMemoryRecipe => ({
    ...memory(training),
    measure: 'poisson-missing-mass',
  });

  function changes(recipe: MemoryRecipe | PoissonMemoryRecipe, sampler: Sampler = tokens): string {
    try {
      costOn(sampler, { seed: 1, recipes: [recipe] }, limits);
    } catch (error) {
      if (error instanceof DeviceTooSmall) return error.changes.join('; ');
    }
    return 'fits';
  }

  it('refuse what they do not draw', () => {
    const [plain, chained] = [sampleOf(5), sampleOf(5, sampleOf(9), 1)];
    expect(refusalOf(tokens, memory([plain]))).toBeNull();
    expect(refusalOf(tokens, memory([chained]))).toBeNull();
    expect(refusalOf(tokens, poissonian([plain]))).toMatch(/Poisson/);
    expect(refusalOf(tokens, memory([plain, plain]))).toMatch(/independently/);
    expect(refusalOf(tokens, memory([sampleOf(5, { ...wide, support: 2 ** 20 } as Law)]))).toMatch(
      /support of at most/,
    );
    expect(refusalOf(poisson, poissonian([plain]))).toBeNull();
    expect(refusalOf(poisson, memory([plain]))).toBe('poisson draws no missing masses');
    expect(refusalOf(poisson, poissonian([chained]))).toMatch(/made by another model/);
    expect(refusalOf(poisson, poissonian([plain, sampleOf(6, ZIPF, 1)]))).toMatch(/one sample/);
  });

  it('say what would fit', () => {
    expect(changes(memory([sampleOf(10)]))).toBe('fits');
    expect(changes({ ...memory([sampleOf(10)]), truth: wide })).toMatch(/support of at most 262144 tokens/);
    expect(changes(memory([sampleOf(10, sampleOf(10 ** 7), 1)]))).toMatch(/at most 262144 samples/);
    const many = { ...poissonian([sampleOf(10)]), truth: { ...wide, support: 2 ** 19 } as Law };
    expect(changes(many, poisson)).toMatch(/^a support of at most 131072 tokens; an adapter/);
    const sweep = Array.from({ length: 2000 }, (_, i) => poissonian([sampleOf(i + 1)]));
    expect(() => costOn(poisson, { seed: 1, recipes: sweep }, limits)).toThrow(/2000 sample sizes and 200 tokens/);
  });

  it('cost what they draw', () => {
    const cost = costOn(tokens, { seed: 1, recipes: [memory([sampleOf(1000)]), memory([sampleOf(10)])] }, limits);
    expect(cost.normalsPerTrial).toBe(1000);
    expect(cost.dispatchesPerBatch).toBe(2);
    expect(4 * 200 * cost.largestBatch).toBeLessThanOrEqual(limits.maxStorageBufferBindingSize);
    const dear = costOn(tokens, { seed: 1, recipes: [memory([sampleOf(10 ** 7)])] }, limits);
    expect(dear.workPerTrial).toBeGreaterThan(1000 * cost.workPerTrial);
  });
});
