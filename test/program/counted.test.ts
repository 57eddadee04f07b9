/**
 * Plan. A program that keeps no steps has the work of the one that keeps them, for every sampler and every setting of the contract that it draws, their
 * checks included; and what does not fit a device is refused alike.
 */
import { expect, it } from 'vitest';
import { PORTABLE } from '../../src/kernels/tuning.ts';
import { DeviceTooSmall, programCost, programWork } from '../../src/program/cost.ts';
import { unlessMoreWork } from '../../src/program/program.ts';
import { regimes } from '../../src/regimes/index.ts';
import { samplers } from '../../src/samplers/index.ts';
import { refusalOf } from '../../src/samplers/sampler.ts';
import { contractExperiments } from '../regimes/contract-cases.ts';

const LIMITS = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxComputeWorkgroupsPerDimension: 65535,
};

it('counts what it does not keep', () => {
  const met = new Set<string>();
  for (const { panels } of contractExperiments({}))
    for (const { regime, cells } of panels) {
      const recipes = cells.slice(0, 1).map(({ parameters }) => regimes.get(regime)!.recipe(parameters));
      for (const sampler of samplers.values()) {
        if (recipes.some((recipe) => refusalOf(sampler, recipe) !== null)) continue;
        const build = () => sampler.program({ seed: 1, recipes }, PORTABLE);
        const program = unlessMoreWork(Number.POSITIVE_INFINITY, build)!;
        expect(program.steps).toEqual([]);
        const { workPerTrial } = programCost(build(), LIMITS);
        expect(programWork(program, LIMITS) / workPerTrial, `${regime} by ${sampler.name}`).toBeCloseTo(1, 9);
        expect(unlessMoreWork(workPerTrial / 3, build)).toBeNull();
        const small = { ...LIMITS, maxStorageBufferBindingSize: 4 };
        expect(() => programWork(program, small)).toThrow(DeviceTooSmall);
        met.add(sampler.name);
      }
    }
  expect([...met].sort()).toEqual([...samplers.keys()].sort());
});
