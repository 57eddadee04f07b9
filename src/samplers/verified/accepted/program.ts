import { acceptedMeans } from '../../../kernels/accepted.ts';
import { TRIALS_PER_GROUP } from '../../../kernels/bidiagonal.ts';
import { TRIALS } from '../../../program/amount.ts';
import { NORMAL_WORK, Program } from '../../../program/program.ts';
import { launchAddress } from '../../address.ts';
import { acceptedBatch } from './batch.ts';
import { type AcceptedSchedule, scaled } from './schedule.ts';

/** Blocks of four normals that a row takes, about. */
const BLOCKS_OF_ROW = 1.5;

/** Bits of a number that is none. */
const NOT_A_NUMBER = 0x7fc00000;

/** Round after round. */
export function acceptedProgram(schedule: AcceptedSchedule, seed: number): Program {
  const { directions, steps } = schedule;
  const { centre, band } = scaled(schedule);
  const program = new Program({
    results: ['models'],
    read: ([models], first, count, stride) => acceptedBatch(schedule, first, count, new Float32Array(models!), stride),
    subject: 'One trial',
    changesFor: () => ['fewer directions, or fewer rounds'],
  });
  const models = program.buffer('models', directions * steps.length);
  for (const [to, { rows, draw, before }] of steps.entries()) {
    const real = before === null;
    const normals = 4 * directions * (real ? 1 : BLOCKS_OF_ROW * rows);
    program.dispatch(
      acceptedMeans,
      { models },
      { groups: directions, trialsPerGroup: TRIALS_PER_GROUP, normals, work: normals * NORMAL_WORK },
      {
        ...launchAddress(seed, draw),
        items: directions,
        trials: TRIALS,
        origin: before ?? 0,
        to,
        rows: real ? 0 : rows,
        not_a_number: NOT_A_NUMBER,
        spread: real ? 1 / Math.sqrt(rows) : 1,
        centre,
        band,
      },
    );
  }
  return program;
}
