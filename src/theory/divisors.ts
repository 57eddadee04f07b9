import { largestDivisor } from '../reference/divisors.ts';

/**
 * What a network that learns greatest common divisors comes to (docs/tails.md). The pairs are uniform in 1..M. It tells apart the
 * divisors of a set K, 1 among them: all pairs whose largest divisor in K is c are alike to it, a cell, and it gives each cell one law
 * over answers. With enough examples that law is the one of the labels in the cell, whoever made them.
 */

/** Answers are 1..classes, and classes + 1 for every larger divisor. */
export interface DivisorWorld {
  readonly largest: number;
  readonly classes: number;
}

/** Labels: the truth, but with chance `share` the largest member of `known` that divides. */
export interface DivisorLabels {
  readonly known: readonly number[];
  readonly share: number;
}

/** A cell of a set K: the chance of a pair in it, and the laws of the truth and of the label given the cell, by answer. */
export interface Cell {
  readonly divisor: number;
  readonly mass: number;
  readonly truth: ReadonlyMap<number, number>;
  readonly label: ReadonlyMap<number, number>;
}

/** Chances of the divisors 1..M of a pair uniform in 1..M, place k for k: 2 (phi(1) + ... + phi(M/k)) - 1 over M^2. */
export function divisorChances(largest: number): Float64Array {
  const known = chances.get(largest);
  if (known) return known;
  const phi = Float64Array.from({ length: largest + 1 }, (_, i) => i);
  for (let p = 2; p <= largest; p++)
    if (phi[p] === p) for (let i = p; i <= largest; i += p) phi[i] = (phi[i]! / p) * (p - 1);
  const coprime = new Float64Array(largest + 1);
  let sum = 0;
  for (let n = 1; n <= largest; n++) {
    sum += phi[n]!;
    coprime[n] = 2 * sum - 1;
  }
  const found = Float64Array.from({ length: largest + 1 }, (_, k) =>
    k === 0 ? 0 : coprime[Math.floor(largest / k)]! / largest ** 2,
  );
  chances.set(largest, found);
  return found;
}

const chances = new Map<number, Float64Array>();

/** The cells of K, by ascending divisor, with what labels say there. */
export function cellsOf(
  world: DivisorWorld,
  told: readonly number[],
  { known, share }: DivisorLabels,
): readonly Cell[] {
  const weights = divisorChances(world.largest);
  const cells = new Map<number, { mass: number; truth: Map<number, number>; label: Map<number, number> }>();
  for (let divisor = 1; divisor <= world.largest; divisor++) {
    const weight = weights[divisor]!;
    const name = largestDivisor(told, divisor);
    const cell = cells.get(name) ?? { mass: 0, truth: new Map<number, number>(), label: new Map<number, number>() };
    cells.set(name, cell);
    const answer = Math.min(divisor, world.classes + 1);
    cell.mass += weight;
    raise(cell.truth, answer, weight);
    raise(cell.label, answer, (1 - share) * weight);
    raise(cell.label, largestDivisor(known, divisor), share * weight);
  }
  return [...cells]
    .map(([divisor, { mass, truth, label }]) => ({
      divisor,
      mass,
      truth: divided(truth, mass),
      label: divided(label, mass),
    }))
    .toSorted((a, b) => a.divisor - b.divisor);
}

/** The most probable label of a cell: what a network answers there. */
export function answerIn({ label }: Cell): number {
  return [...label].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}

/** The share of right answers: in each cell the chance of its answer. */
export const accuracyOf = (cells: readonly Cell[]): number =>
  cells.reduce((sum, cell) => sum + cell.mass * (cell.truth.get(answerIn(cell)) ?? 0), 0);

/** The plateau of the mean cross-entropy: the entropy of the label given the cell, in nats. */
export const lossPlateau = (cells: readonly Cell[]): number =>
  cells.reduce((sum, { mass, label }) => sum + mass * entropy(label), 0);

/** The divisors that are answered somewhere, ascending: what the next generation is taught. */
export const answeredIn = (cells: readonly Cell[]): readonly number[] =>
  [...new Set(cells.map(answerIn))].toSorted((a, b) => a - b);

/** The share of answers k where the divisor is k. */
export function rightAt(cells: readonly Cell[], told: readonly number[], divisor: number): number {
  const own = largestDivisor(told, divisor);
  return answerIn(cells.find((cell) => cell.divisor === own)!) === divisor ? 1 : 0;
}

/**
 * The share of generated labels above which a divisor outside the generator's set is never answered by a network that tells it apart: its
 * own chance s within its cell loses the vote, (1 - f) s < f, from f* = s/(1 + s) on.
 */
export function threshold(world: DivisorWorld, told: readonly number[], divisor: number): number {
  const cell = cellsOf(world, told, { known: [1], share: 0 }).find((one) => one.divisor === divisor)!;
  const own = cell.truth.get(divisor) ?? 0;
  return own / (1 + own);
}

function entropy(law: ReadonlyMap<number, number>): number {
  let sum = 0;
  for (const p of law.values()) if (p > 0) sum -= p * Math.log(p);
  return sum;
}

const raise = (law: Map<number, number>, answer: number, by: number) => {
  if (by > 0) law.set(answer, (law.get(answer) ?? 0) + by);
};

const divided = (law: ReadonlyMap<number, number>, by: number) =>
  new Map([...law].map(([answer, chance]) => [answer, chance / by]));
