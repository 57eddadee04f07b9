import type { JsonObject } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { ExperimentError, type Problem } from '../../src/experiment/problem.ts';
import { regimes } from '../../src/regimes/index.ts';

/** The least that is an experiment. */
export const small: JsonObject = {
  name: 'small',
  regime: 'replace',
  dimension: 5,
  downstream: { samples: 10, noise: 0.1, ridge: 0.01 },
};

export const parse = (file: JsonObject | string) => parseExperiment(file, regimes, ['direct', 'wishart']);

/** The problems a file has, as `path: message` by path; fails if there are none. */
export function problemsOf(act: () => unknown): readonly Problem[] {
  try {
    act();
  } catch (error) {
    if (error instanceof ExperimentError) return error.problems;
    throw error;
  }
  throw new Error('expected an ExperimentError');
}
