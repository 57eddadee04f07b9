/**
 * Plan. What a network that tells some divisors apart comes to, against every pair of 1..60 written out, with labels in lists:
 * - chances of divisors are counts of pairs, and tend to 6/(pi k)^2;
 * - accuracy, loss plateau and answers are those of tables of labels per cell, for several sets, generators and shares;
 * - the threshold is where, by search, the answer in a cell turns; the printed numbers of base 10;
 * - generations on generated labels alone answer what their teacher answers.
 */
import { describe, expect, it } from 'vitest';
import {
  accuracyOf,
  answeredIn,
  answerIn,
  cellsOf,
  divisorChances,
  lossPlateau,
  rightAt,
  threshold,
} from '../../src/theory/divisors.ts';

const M = 60;
const world = { largest: M, classes: 12 };

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** Every pair, one by one. */
const pairs = Array.from({ length: M * M }, (_, i) => gcd(1 + (i % M), 1 + Math.floor(i / M)));

const largestOf = (set: readonly number[], g: number) => Math.max(...set.filter((k) => g % k === 0));

/** Counts of labels in each cell: keys `cell`, then `label`. */
function counted(told: readonly number[], known: readonly number[], share: number) {
  const table: Record<number, Record<number, { label: number; truth: number }>> = {};
  for (const g of pairs) {
    const cell = largestOf(told, g);
    table[cell] ??= {};
    const row = table[cell];
    const truth = g > world.classes ? world.classes + 1 : g;
    const at = (answer: number) => {
      row[answer] ??= { label: 0, truth: 0 };
      return row[answer];
    };
    at(truth).truth += 1;
    at(truth).label += 1 - share;
    at(largestOf(known, g)).label += share;
  }
  return table;
}

const CASES: readonly (readonly [told: number[], known: number[], share: number])[] = [
  [[1], [1], 0],
  [[1, 2, 5, 10], [1, 2, 5, 10], 0],
  [[1, 2, 3, 4, 6, 12], [1, 2, 3, 6], 0.3],
  [[1, 2, 4, 5, 10, 20], [1, 2, 5, 10], 0.45],
  [[1, 2, 4, 5, 10, 20], [1, 2, 5, 10], 1],
];

describe.each(CASES)('a network that tells %j apart, taught by %j with share %f', (told, known, share) => {
  const cells = cellsOf(world, told, { known, share });
  const table = counted(told, known, share);
  const rows = Object.values(table).map((row) => Object.entries(row));
  const total = (row: (typeof rows)[number]) => row.reduce((sum, [, { truth }]) => sum + truth, 0);

  it('has the accuracy of the most frequent label of every cell', () => {
    const right = rows.map((row) => row.reduce((a, b) => (b[1].label > a[1].label ? b : a))[1].truth);
    expect(accuracyOf(cells)).toBeCloseTo(right.reduce((a, b) => a + b) / pairs.length, 12);
  });

  it('has a plateau that no other law of answers per cell is below', () => {
    const cost = (tilt: number) =>
      rows.reduce((sum, row) => {
        const chance = ([answer, { label }]: (typeof row)[number]) => (label + tilt * Number(answer)) / total(row);
        const all = row.reduce((s, entry) => s + chance(entry), 0);
        return (
          sum -
          row.reduce((s, entry) => s + (entry[1].label > 0 ? entry[1].label * Math.log(chance(entry) / all) : 0), 0)
        );
      }, 0) / pairs.length;
    expect(lossPlateau(cells)).toBeCloseTo(cost(0), 12);
    expect(lossPlateau(cells)).toBeLessThan(cost(1) + 1e-12);
  });

  it('is right where the answer of its cell is', () => {
    for (const k of told) {
      const row = Object.entries(table[largestOf(told, k)]!);
      const answer = Number(row.reduce((a, b) => (b[1].label > a[1].label ? b : a))[0]);
      expect(rightAt(cells, told, k)).toBe(answer === k ? 1 : 0);
    }
  });
});

it('chances of divisors are counts of pairs', () => {
  const chances = divisorChances(M);
  for (let k = 1; k <= M; k++) expect(chances[k]! * M * M).toBeCloseTo(pairs.filter((g) => g === k).length, 8);
  expect(divisorChances(99_999)[4]!).toBeCloseTo(6 / (Math.PI * 4) ** 2, 4);
});

describe('the threshold', () => {
  const told = [1, 2, 4, 5, 10, 20];
  const known = [1, 2, 5, 10];

  it.each([4, 20])('of %i is where its answer turns', (divisor) => {
    const right = (share: number) =>
      rightAt(cellsOf({ largest: 9999, classes: 50 }, told, { known, share }), told, divisor);
    let [low, high] = [0, 1];
    for (let i = 0; i < 12; i++) {
      const middle = (low + high) / 2;
      if (right(middle) === 1) low = middle;
      else high = middle;
    }
    expect(threshold({ largest: 9999, classes: 50 }, told, divisor)).toBeCloseTo(low, 3);
  });

  it('is .388 for 4 and .378 for 20 in base 10', () => {
    const large = { largest: 99_999, classes: 100 };
    expect(threshold(large, told, 4)).toBeCloseTo(0.388, 3);
    expect(threshold(large, told, 20)).toBeCloseTo(0.378, 3);
  });
});

it('generations teach what they answer, and never more', () => {
  const told = [1, 2, 4, 5, 10, 20];
  let known: readonly number[] = [1, 2, 5, 10];
  for (let generation = 0; generation < 3; generation++) {
    const cells = cellsOf(world, told, { known, share: 1 });
    for (const cell of cells) expect(known).toContain(answerIn(cell));
    known = answeredIn(cells);
    expect(known).toEqual([1, 2, 5, 10]);
  }
});
