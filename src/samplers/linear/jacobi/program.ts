import * as kernels from '../../../kernels/jacobi.ts';
import { TRIALS } from '../../../program/amount.ts';
import { NORMAL_WORK, Program } from '../../../program/program.ts';
import { launchAddress } from '../../address.ts';
import { errorsForm } from '../../results.ts';
import { LEVEL, levelsOf, SCALARS, tailsOf } from './shape.ts';
import type { BlockFit, Plan, Shift, Visit } from './visits.ts';

/** Operations per level of one fit, divisions and roots as four (counted from the shader). */
const FIT_FLOPS = 64;

/** Work of the random numbers of a level in normals: two normals and four chi numbers of two each. */
const LEVEL_NORMALS = 10;

/** The shifts, then of every visit its draw and its fits: one lane per trial and fit. */
export function jacobiProgram(plan: Plan, seed: number): Program {
  const { dimension, shifts, visits } = plan;
  const program = new Program({
    ...errorsForm(plan.cells),
    subject: `One trial at dimension ${dimension}`,
    changesFor: (_, words) => [`dimension of ${Math.floor(words / LEVEL)} or less, and fewer cells that share data`],
  });
  const models = program.buffer('models', plan.modelSlots);
  const errors = program.buffer('errors', plan.errors);
  const fits = program.constant('fits', Float32Array.from(visits.flatMap((visit) => visit.fits.flatMap(numbersOf))));
  const trialsPerGroup = kernels.TRIALS_PER_GROUP;

  // Models that no kernel writes do not deviate: buffers are created as zeros.
  const drawShift = ({ draw, slot, scale, deviations }: Shift, number: number) => {
    const constant = program.constant(`deviations${number}`, Float32Array.from(deviations));
    program.dispatch(
      kernels.shiftLength,
      { deviations: constant, models },
      { groups: 1, trialsPerGroup, normals: dimension, flops: 3 * dimension },
      { ...launchAddress(seed, draw), trials: TRIALS, columns: dimension, slot, scale },
    );
  };

  const drawForm = ({ rows, draw }: Visit) => {
    const levels = levelsOf(rows, dimension);
    const items = Math.ceil(levels / 2) + 1;
    const forms = program.buffer('forms', LEVEL * levels + SCALARS);
    const [first_tail, second_tail] = tailsOf(rows, dimension);
    program.dispatch(
      kernels.jacobiForm,
      { forms },
      {
        groups: items,
        trialsPerGroup,
        normals: LEVEL * levels + SCALARS,
        work: LEVEL_NORMALS * (levels + 1) * NORMAL_WORK,
      },
      {
        ...launchAddress(seed, draw),
        items,
        trials: TRIALS,
        levels,
        columns: dimension,
        first_tail,
        second_tail,
        first_rows: rows[0],
        second_rows: rows[1],
      },
    );
    return forms;
  };

  for (const [number, shift] of shifts.entries()) if (shift.scale !== 0) drawShift(shift, number);
  let first_fit = 0;
  for (const visit of visits) {
    const forms = drawForm(visit);
    const levels = levelsOf(visit.rows, dimension);
    const items = visit.fits.length;
    const grid = { groups: items, trialsPerGroup, flops: FIT_FLOPS * levels * items };
    const launch = { items, trials: TRIALS, levels, first_fit };
    program.dispatch(kernels.jacobiFit, { forms, fits, models, errors }, grid, launch);
    first_fit += items;
  }
  return program;
}

const numbersOf = ({ weights, noises, labels, slot, error }: BlockFit) => [
  ...weights,
  ...noises,
  ...labels,
  slot ?? -1,
  error ?? -1,
];
