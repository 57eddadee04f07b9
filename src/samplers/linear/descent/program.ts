import { descent, lanesFor } from '../../../kernels/descent.ts';
import { testError } from '../../../kernels/measure.ts';
import { padded } from '../../../kernels/tiles.ts';
import { each, TRIALS } from '../../../program/amount.ts';
import { NORMAL_WORK, Program } from '../../../program/program.ts';
import { launchAddress } from '../../address.ts';
import { errorsForm } from '../../results.ts';
import { drawTruth } from '../truth.ts';
import { type DescentPass, type DescentSchedule, type Stretch, stretchesOf } from './schedule.ts';

/** Operations of one dispatch and trial, a fraction of a submit: a workgroup is not cut. The longest passes take several times as many in each, lest a plan be millions of steps. */
const WORK = { least: 1e8, most: 8e8 } as const;
const DISPATCHES = 800;

/** Of a coordinate of a row, beside its normal: scaled, multiplied and added to the product, and again to v. */
const ROW_FLOPS = 5;

/** The truth, then pass after pass, each in as many dispatches as it has stretches. */
export function descentProgram(schedule: DescentSchedule, seed: number): Program {
  const { dimension, passes } = schedule;
  const program = new Program({
    ...errorsForm(schedule.cells),
    subject: `One trial at dimension ${dimension}`,
    changesFor: () => ['fewer cells: shorter lists of the sweep'],
  });
  const stride = padded(dimension);
  const models = program.buffer('models', schedule.modelSlots * stride);
  const state = program.buffer('state', 2 * stride);
  const estimates = program.buffer('estimates', stride);
  const errors = program.buffer('errors', schedule.errors);
  const spectra = [...new Set([schedule.spectrum, ...passes.map(({ spectrum }) => spectrum)])];
  const roots = spectra.flatMap((values) => Array.from({ length: stride }, (_, j) => Math.sqrt(values[j] ?? 0)));
  const scale = program.constant('scale', Float32Array.from(roots));
  drawTruth(program, schedule, seed, models, stride);

  const walk = (pass: DescentPass, { first, steps, rate, averaging, checkpoint }: Stretch) => {
    const entries = steps * pass.batch * dimension;
    program.dispatch(
      descent,
      { scale, models, state, estimates },
      {
        groups: 1,
        trialsPerGroup: 1,
        constants: { LANES: lanesFor(stride) },
        normals: entries,
        flops: ROW_FLOPS * entries,
        work: entries * (NORMAL_WORK + ROW_FLOPS),
      },
      {
        ...launchAddress(seed, pass.draw),
        first_row: first * pass.batch,
        steps,
        batch: pass.batch,
        stride4: stride / 4,
        scale_offset4: (spectra.indexOf(pass.spectrum) * stride) / 4,
        label_offset4: each((pass.labels * stride) / 4),
        start: first === 0 ? 1 : 0,
        finish: checkpoint ? 1 : 0,
        averaging: averaging ? 1 : 0,
        rate,
        noise: pass.noise,
        share: 1 / pass.averaged,
      },
    );
  };

  for (const pass of passes) {
    const ofRow = dimension * (NORMAL_WORK + ROW_FLOPS);
    const wanted = (pass.checkpoints.at(-1)!.rows * ofRow) / DISPATCHES;
    const work = Math.min(Math.max(wanted, WORK.least), WORK.most);
    const most = Math.max(1, Math.floor(work / (pass.batch * ofRow)));
    for (const stretch of stretchesOf(pass, most)) {
      walk(pass, stretch);
      const { error = null, slot = null } = stretch.checkpoint ?? {};
      if (error !== null)
        program.dispatch(
          testError,
          { scale, estimates, truth: models, errors },
          { groups: 1, flops: 4 * dimension },
          { columns: dimension, stride, layers: TRIALS, error_offset: each(error) },
        );
      if (slot !== null)
        program.copy({ buffer: estimates, offset: 0 }, { buffer: models, offset: each(slot * stride) }, each(stride));
    }
  }
  return program;
}
