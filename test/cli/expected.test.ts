import { describe, expect, it } from 'vitest';
import { loadExperiment } from '../../src/cli/load.ts';
import { expectedText } from '../../src/cli/plan.ts';
import { planExperiment } from '../../src/plan/plan.ts';
import { regimes } from '../../src/regimes/index.ts';
import { samplers } from '../../src/samplers/index.ts';

/*
 * Plan: what a run says of itself before it begins: nothing where it is short; else how long, by the kind of adapter, and how much of
 * the device's memory where that is much.
 */

const limits = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxComputeWorkgroupsPerDimension: 65_535,
};
const textOf = async (name: string, set: string[], software: boolean) =>
  expectedText(planExperiment(await loadExperiment(name, { set }), regimes, samplers, limits), { software });

describe('a run that takes long', () => {
  it('says so, and how much memory it takes', async () => {
    const large = await textOf('strong-fig7', ['downstream.samples=10000'], true);
    expect(large).toMatch(/^This takes about \d+ min.*, and 7\d\d MiB on the device, by a first guess\.$/);
    expect(await textOf('strong-fig2', [], true)).toMatch(/^This takes about \d+ min \d+ s, by a first guess\.$/);
  });

  it('says nothing where it is short', async () => {
    expect(await textOf('smoke', [], true)).toBeNull();
    expect(await textOf('strong-fig5', [], false)).toBeNull();
  });
});
