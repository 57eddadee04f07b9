import { TRIALS_PER_GROUP } from '../../../kernels/bidiagonal.ts';
import { CHUNK, classFit, classRows, SUMS, WHOSE } from '../../../kernels/classes.ts';
import { TRIALS } from '../../../program/amount.ts';
import { NORMAL_WORK, Program } from '../../../program/program.ts';
import { type ClassBlock, isClassFit } from '../../../regimes/class-recipe.ts';
import { launchAddress } from '../../address.ts';
import { chancePattern } from '../../chances.ts';
import type { ClassSchedule, FitStep } from '../schedule.ts';
import { labellerOf } from './labeller.ts';
import { spanBatch } from './measure.ts';
import { KNOWN } from './sizes.ts';

/** Operations of a drawn row beside its random numbers, and of a column of the rest. */
const ROW_WORK = 60;
const COLUMN_WORK = 400;

/** Bits of a number that is none. */
const NOT_A_NUMBER = 0x7fc00000;

/** Fit after fit: the rows that labels and judge see in chunks, then the fit with all that is beside them. */
export function spanProgram(schedule: ClassSchedule, seed: number): Program {
  const { dimension, separation, norm, fits } = schedule;
  const columns = dimension - KNOWN;
  const program = new Program({
    results: ['models', 'shares'],
    read: ([models, shares], first, count, stride) =>
      spanBatch(
        schedule,
        first,
        count,
        { models: new Float32Array(models!), shares: new Float32Array(shares!) },
        stride,
      ),
    subject: 'One trial',
    changesFor: () => ['fewer samples, or fewer rounds'],
  });
  const chunksOf = ({ rows }: ClassBlock) => Math.ceil(rows / CHUNK);
  const most = Math.max(...fits.map(({ fit }) => fit.blocks.reduce((sum, block) => sum + chunksOf(block), 0)));
  const sums = program.buffer('sums', SUMS * most);
  const models = program.buffer('models', KNOWN * fits.length);
  const shares = program.buffer('shares', fits.length);
  const grid = (groups: number) => ({ groups, trialsPerGroup: TRIALS_PER_GROUP });

  const drawRows = (block: ClassBlock, step: FitStep, firstChunk: number) => {
    const { rows, draw, labels, response, flips, keep, estimated } = block;
    const chunks = chunksOf(block);
    const byModel = isClassFit(labels);
    const sigmoid = response === 'sigmoid';
    const label = byModel || labels === 'truth' ? ([1, 0, 0] as const) : labels;
    const length = sigmoid ? norm : 1;
    // A judge that made the labels is their direction.
    const judge = keep.judge === 'labeller' ? label : keep.judge;
    program.dispatch(
      classRows,
      { models, sums },
      { ...grid(chunks), normals: 2 * KNOWN * rows, work: rows * (2 * KNOWN * NORMAL_WORK + ROW_WORK) },
      {
        ...launchAddress(seed, draw),
        items: chunks,
        trials: TRIALS,
        rows,
        first_chunk: firstChunk,
        model: labellerOf(step) ?? 0,
        labels: byModel ? WHOSE.model : labels === 'truth' && !sigmoid ? WHOSE.class : WHOSE.given,
        judged: keep.judge === 'labeller' && byModel ? WHOSE.model : WHOSE.given,
        sigmoid: sigmoid ? 1 : 0,
        estimated: estimated?.rows ?? 0,
        across: dimension - 1,
        flips: chancePattern(flips),
        right: chancePattern(keep.right),
        wrong: chancePattern(keep.wrong),
        agree: keep.agree ? 1 : 0,
        label_1: length * label[0],
        label_2: length * label[1],
        label_3: length * label[2],
        judge_1: judge[0],
        judge_2: judge[1],
        judge_3: judge[2],
        separation,
        least: keep.least,
        most: Math.min(keep.most, 1e30),
      },
    );
    return firstChunk + chunks;
  };

  for (const [slot, step] of fits.entries()) {
    const { fit } = step;
    const chunks = fit.blocks.reduce((at, block) => drawRows(block, step, at), 0);
    const rows = fit.blocks.reduce((sum, block) => sum + block.rows, 0);
    const steps = Math.min(rows, columns);
    program.dispatch(
      classFit,
      { sums, models, shares },
      { ...grid(1), normals: 6 * steps, work: steps * (8 * NORMAL_WORK + COLUMN_WORK) + SUMS * chunks },
      {
        ...launchAddress(seed, fit.draw),
        trials: TRIALS,
        chunks,
        columns,
        slot,
        not_a_number: NOT_A_NUMBER,
        penalty: rows * fit.ridge,
      },
    );
  }
  return program;
}
