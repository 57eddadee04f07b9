import { describe, expect, it } from 'vitest';
import { type Block, type BlockOptions, type Entry, runBlock } from '../../bench/block.ts';
import { Budget } from '../../bench/budget.ts';
import type { Row, RowHead } from '../../bench/record.ts';

/*
 * Plan: a block within a budget, by contestants that take the time they say.
 * - with a budget that is over nobody gets ready: all rows are missing, and the block is not whole
 * - one that ends in the middle keeps the repeats there were; whole only if everybody had two, or all rounds where there is one
 * - after every round the rows so far are handed out
 */

const head: RowHead = {
  group: 'trials',
  block: 'b',
  contestant: 'collapse x',
  name: 'trial',
  shape: {},
  unit: 'trial',
  flopsPerUnit: 0,
  bytesPerUnit: 0,
};

/** A budget that is over after so many looks at it. */
class Looks extends Budget {
  #left: number;
  constructor(looks: number) {
    super(null);
    this.#left = looks;
  }
  override get over(): boolean {
    return this.#left-- <= 0;
  }
}

const entry = (contestant: string): Entry => ({
  head: { ...head, contestant },
  open: async () => ({ units: 1, check: null, sample: async () => 1, close: () => {} }),
});
const block: Block = { name: 'b', entries: [entry('a'), entry('b')] };
const run = (changes: Partial<BlockOptions>) =>
  runBlock(block, { rounds: 3, mostSeconds: 10, budget: new Budget(null), say: () => {}, keep: () => {}, ...changes });

describe('a block within a budget', () => {
  it('is whole where there is no limit, and hands out its rows after every round', async () => {
    const kept: (readonly Row[])[] = [];
    const { rows, whole } = await run({ keep: (so) => kept.push(so) });
    expect(whole).toBe(true);
    expect(kept.map((so) => so.map(({ seconds }) => seconds.length))).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(rows).toEqual(kept.at(-1));
  });

  it('has no rows but missing ones where the time was over before', async () => {
    const { rows, whole } = await run({ budget: new Budget(-1) });
    expect(whole).toBe(false);
    expect(rows.map(({ verdict, note }) => [verdict, note])).toEqual([
      ['missing', 'the time was over'],
      ['missing', 'the time was over'],
    ]);
  });

  // Two looks before getting ready, one before every round, one before every repeat.
  it.each([
    [2 + 1 + 1, [1, 0], ['ok', 'missing'], false],
    [2 + 3 + 2, [2, 1], ['ok', 'ok'], false],
    [2 + 3 + 3, [2, 2], ['ok', 'ok'], true],
  ] as const)('cut after %i looks keeps %j repeats', async (looks, repeats, verdicts, wanted) => {
    const { rows, whole } = await run({ budget: new Looks(looks) });
    expect(rows.map(({ seconds }) => seconds.length)).toEqual(repeats);
    expect(rows.map(({ verdict }) => verdict)).toEqual(verdicts);
    expect(whole).toBe(wanted);
  });

  it('is whole after its only round', async () => {
    expect((await run({ rounds: 1 })).whole).toBe(true);
  });
});
