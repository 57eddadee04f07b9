import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { readJson5 } from '../../src/experiment/json.ts';
import { applyOverrides } from '../../src/experiment/overrides.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { planExperiment, REFERENCE_LIMITS } from '../../src/plan/plan.ts';
import { regimes } from '../../src/regimes/index.ts';
import { samplers } from '../../src/samplers/index.ts';

/*
 * Plan: a chain as long as the schema allows is planned, whatever regime it is of: nothing recurses along it, and nothing grows faster
 * than it. Work is counted in processor time, so that a loaded machine does not matter; anything quadratic would take minutes.
 */

const shipped = (name: string) => readJson5(readFileSync(`experiments/${name}.json5`, 'utf8'));

function planned(file: JsonObject, ...changes: string[]) {
  const experiment = parseExperiment(applyOverrides(file, changes), regimes, [...samplers.keys()]);
  return planExperiment(experiment, regimes, samplers, REFERENCE_LIMITS);
}

it.each([
  ['smoke', 'generations=10000', 'downstream.ridge=0.1'],
  ['smoke', 'generations=10000', 'downstream.ridge=0.1', 'generator.design=reused'],
  ['tails-fig14', 'generations=10000', 'downstream.samples=1000', 'generator.samples=1000'],
  ['tails-generations', 'generations=10000'],
  ['terms', 'generations=100', 'dimension=4'],
])('%s with %s', (name, ...changes) => {
  const before = process.cpuUsage();
  expect(planned(shipped(name), ...changes).jobs.length).toBeGreaterThan(0);
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(20);
});
