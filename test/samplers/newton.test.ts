/**
 * Plan. The f64 reference of logistic fits:
 * - the gradient of the loss, written out and by finite differences, vanishes at what it finds; with a ridge too
 * - labels have the chance of their score: over many rows, by tenths of the chance
 * - it says of labels that a plane tells apart that they are, and of others that they are not, by enumeration of all planes in two dimensions
 */
import { describe, expect, it } from 'vitest';
import type { ClassRecipe } from '../../src/regimes/class-recipe.ts';
import { fitsOf, rowsOf } from '../../src/samplers/classes/newton/reference.ts';
import { classScheduleOf } from '../../src/samplers/classes/schedule.ts';
import { blockOf, fitOf, recipeOf } from '../support/classes.ts';

const recipe = (dimension: number, rows: number, ridge: number, norm = 1.2): ClassRecipe =>
  recipeOf(fitOf([blockOf(rows, { response: 'sigmoid' })], { loss: 'logistic', ridge }), {
    ...{ dimension, norm, measure: 'norm' },
  });

/** Rows of the first fit and their labels, 1 and 0. */
function drawn(schedule: ReturnType<typeof classScheduleOf>, seed: number, trial: number) {
  const rows = rowsOf(schedule, schedule.fits[0]!.fit.blocks[0]!, null, seed, trial);
  return { x: rows.map(({ x }) => x), y: rows.map(({ y }) => (y > 0 ? 1 : 0)) };
}

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

describe.each([0, 0.1])('ridge %d', (ridge) => {
  it('is where the loss is least', () => {
    const schedule = classScheduleOf([recipe(5, 80, ridge)]);
    const [{ w, settled }] = fitsOf(schedule, 2, 7) as [ReturnType<typeof fitsOf>[0]];
    expect(settled).toBe(true);
    const { x, y } = drawn(schedule, 2, 7);
    const loss = (at: Float64Array) =>
      x.reduce((sum, row, t) => sum + Math.log(1 + Math.exp((1 - 2 * y[t]!) * dot(row, at))), 0) / 80 +
      (ridge / 2) * dot(at, at);
    for (let j = 0; j < 5; j++) {
      const moved = (by: number) => loss(w.map((value, i) => value + (i === j ? by : 0)));
      expect(Math.abs(moved(1e-5) - moved(-1e-5)) / 2e-5).toBeLessThan(1e-8);
      expect(moved(1e-3)).toBeGreaterThan(loss(w));
      expect(moved(-1e-3)).toBeGreaterThan(loss(w));
    }
  });
});

it('labels have the chance of their score', () => {
  const schedule = classScheduleOf([recipe(2, 20_000, 0, 2)]);
  const { x, y } = drawn(schedule, 2, 0);
  const tenths = Array.from({ length: 10 }, () => ({ count: 0, chance: 0, ones: 0 }));
  for (const [t, row] of x.entries()) {
    const chance = 1 / (1 + Math.exp(-2 * row[0]!));
    const tenth = tenths[Math.min(9, Math.floor(10 * chance))]!;
    tenth.count++;
    tenth.chance += chance;
    tenth.ones += y[t]!;
  }
  for (const { count, chance, ones } of tenths)
    expect(Math.abs(ones - chance)).toBeLessThan(4.5 * Math.sqrt(chance * (1 - chance / count)));
});

it('knows whether a plane tells the labels apart', () => {
  const schedule = classScheduleOf([recipe(2, 8, 0, 2)]);
  const met = { apart: 0, mixed: 0 };
  for (let trial = 0; trial < 200; trial++) {
    const { x, y } = drawn(schedule, 9, trial);
    // A separating line through 0 may be turned until it meets a row: directions just beside those across each row are enough.
    const sides = x.flatMap((row) => {
      const across = Math.atan2(row[1]!, row[0]!) + Math.PI / 2;
      return [across - 1e-9, across + 1e-9, across + Math.PI - 1e-9, across + Math.PI + 1e-9];
    });
    const apart = sides.some((angle) =>
      x.every((row, t) => (2 * y[t]! - 1) * (Math.cos(angle) * row[0]! + Math.sin(angle) * row[1]!) > 0),
    );
    const [{ settled }] = fitsOf(schedule, 9, trial) as [ReturnType<typeof fitsOf>[0]];
    met[apart ? 'apart' : 'mixed']++;
    expect(settled, String(trial)).toBe(!apart);
  }
  expect(met.apart).toBeGreaterThan(20);
  expect(met.mixed).toBeGreaterThan(20);
});
