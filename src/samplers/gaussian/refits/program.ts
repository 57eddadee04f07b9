import { TRIALS_PER_GROUP } from '../../../kernels/bidiagonal.ts';
import { gaussianMeasure, gaussianRefit, MEASURES } from '../../../kernels/gaussian.ts';
import { CHI_NORMALS } from '../../../kernels/random.ts';
import { TRIALS } from '../../../program/amount.ts';
import { NORMAL_WORK, Program } from '../../../program/program.ts';
import { launchAddress } from '../../address.ts';
import { errorsForm } from '../../results.ts';
import { entriesOf, type RefitSchedule } from './schedule.ts';

const ONE = { groups: 1, trialsPerGroup: TRIALS_PER_GROUP };

/** One lane per trial: sample after sample joins its round, then every cell is measured. */
export function refitProgram({ dimension, steps, slots: count, cells }: RefitSchedule, seed: number): Program {
  const program = new Program({
    ...errorsForm(cells),
    subject: `One trial at dimension ${dimension}`,
    changesFor: () => ['a smaller dimension, or fewer rounds'],
  });
  const slots = program.buffer('slots', count * entriesOf(dimension));
  const columns = program.buffer('columns', 2 * dimension);
  const errors = program.buffer('errors', cells.length);
  const cube = dimension ** 3;
  for (const { rows, draw, from, by, to, seen, scale } of steps) {
    const drawn = Math.min(dimension, rows - 1);
    const normals = (dimension * (dimension + 3)) / 2 + CHI_NORMALS * drawn;
    program.dispatch(
      gaussianRefit,
      { slots, columns },
      { ...ONE, normals, work: normals * NORMAL_WORK + 4 * cube, constants: { MADE: by !== null } },
      {
        ...launchAddress(seed, draw),
        ...{ dimension, trials: TRIALS, rows, to, seen, scale },
        origin: from ?? to,
        maker: by ?? to,
        inverse_root: 1 / Math.sqrt(rows),
      },
    );
  }
  for (const [error, { slot, scale, measure }] of cells.entries())
    program.dispatch(
      gaussianMeasure,
      { slots, columns, errors },
      { ...ONE, work: measure === 'divergence' ? cube : dimension ** 2, constants: { MEASURE: MEASURES[measure] } },
      { dimension, trials: TRIALS, slot, error, scale },
    );
  return program;
}
