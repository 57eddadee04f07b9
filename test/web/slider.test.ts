import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { regimes } from '../../src/regimes/index.ts';
import { fieldGroups } from '../../src/web/fields.ts';
import { presets } from '../../src/web/presets.ts';
import { sliderOf } from '../../src/web/slider.ts';

/*
 * Plan: the slider of every scalar of every file stands near its value, gives only numbers that are allowed, and rises.
 * - a decade to either side, in few digits; shares from 0 to 1; small counts one by one
 * - every field of every preset
 */

const any = { integer: false, least: 0, most: Number.POSITIVE_INFINITY };

describe('sliderOf', () => {
  it('goes a decade to either side, or over a short range, or from count to count', () => {
    const noise = sliderOf(0.2, any)!;
    expect([noise.valueAt(0), noise.valueAt(noise.steps)]).toEqual([0.02, 2]);
    expect(noise.valueAt(noise.positionOf(0.2))).toBe(0.2);
    const samples = sliderOf(600, { ...any, integer: true, least: 1 })!;
    expect([samples.valueAt(0), samples.valueAt(50), samples.valueAt(100)]).toEqual([60, 600, 6000]);
    const share = sliderOf(0.5, { ...any, most: 1 })!;
    expect([share.valueAt(0), share.valueAt(25), share.valueAt(100)]).toEqual([0, 0.25, 1]);
    const generations = sliderOf(3, { ...any, integer: true })!;
    expect([0, 7, generations.steps].map((at) => generations.valueAt(at))).toEqual([0, 7, 20]);
    expect(sliderOf(-1, any)).toBeNull();
  });

  it.each(presets.map(({ name }) => name))('suits every number of %s', (name) => {
    const { file } = parseExperiment(presets.find((preset) => preset.name === name)!.file, regimes);
    for (const { path, number, numbers } of fieldGroups(file).flatMap(({ fields }) => fields)) {
      if (number === null || numbers === null) continue;
      const slider = sliderOf(number, numbers);
      if (!slider) continue;
      const values = Array.from({ length: slider.steps + 1 }, (_, at) => slider.valueAt(at));
      expect(Math.min(...values), path).toBeGreaterThanOrEqual(numbers.least);
      expect(Math.max(...values), path).toBeLessThanOrEqual(numbers.most);
      expect(
        values.every((value, i) => i === 0 || value >= values[i - 1]!),
        path,
      ).toBe(true);
      if (numbers.integer) expect(values.every(Number.isInteger), path).toBe(true);
      const near = slider.valueAt(slider.positionOf(number));
      expect(Math.abs(near - number), path).toBeLessThanOrEqual(0.05 * number + 0.01);
    }
  });
});
