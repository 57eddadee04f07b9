import { MOST_LANES, MOST_QUADRUPLES } from '../../../kernels/descent.ts';
import { drawName } from '../../../regimes/draw.ts';
import { isFit, type LinearRecipe, modelsBehind } from '../../../regimes/recipe.ts';
import type { Sampler, SamplerJob } from '../../sampler.ts';
import { steadyRounding } from '../rounding.ts';
import { descentProgram } from './program.ts';
import { openDescentReference } from './reference.ts';
import { descentScheduleOf } from './schedule.ts';

/** How far f32 may move an estimate, as a share of it (docs/numerics.md, "Certificates"). */
const SHARE = 1e-5;

/**
 * Fits by one pass of stochastic gradient descent, literally: every row is drawn, used and forgotten, in one kernel that keeps the loop on the
 * device. Learning curves of a constant rate are one pass (docs/samplers.md).
 */
export const descent: Sampler<LinearRecipe> = {
  name: 'descent',
  version: 1,
  knows: new Set([
    'linear',
    'truth sphere',
    'truth gaussian',
    'truth coefficients',
    'generations',
    'covariance',
    'descent',
  ]),
  refuses,
  program: (job) => descentProgram(schedule(job), job.seed),
  openReference: (job) => openDescentReference(schedule(job), job.seed),
  rounding: (job) => steadyRounding(job, () => SHARE),
};

const MOST_DIMENSION = 4 * MOST_LANES * MOST_QUADRUPLES;

/** Rows are numbered in 32 bits, of which the kernel adds some. */
const MOST_ROWS = 2 ** 30;

function refuses({ estimate, dimension }: LinearRecipe): string | null {
  if (dimension > MOST_DIMENSION)
    return `descent has room for ${MOST_DIMENSION} dimensions, here there are ${dimension}`;
  for (const { data, descent: own, ridge } of modelsBehind(estimate).filter(isFit)) {
    const [{ rows, inputs, errors }] = data as unknown as readonly [(typeof data)[number]];
    if (!own) return 'descent draws fits by descent alone, but one of them is a minimiser';
    if (ridge > 0) return 'descent knows no ridge';
    if (rows % own.batch !== 0) return `descent takes whole batches, but ${rows} rows are none of ${own.batch}`;
    if (rows > MOST_ROWS) return `descent draws at most ${MOST_ROWS} rows for a fit, here it would be ${rows}`;
    if (drawName(inputs) !== drawName(errors)) return 'descent draws rows and their errors of one draw';
  }
  return null;
}

const schedule = ({ recipes }: SamplerJob<LinearRecipe>) => descentScheduleOf(recipes);
