import {
  newtonCoefficients,
  newtonGradient,
  newtonLabels,
  newtonRows,
  newtonStep,
  RESPONSE,
} from '../../../kernels/newton.ts';
import { padded } from '../../../kernels/tiles.ts';
import type { Target } from '../../../kernels/tuning.ts';
import { TRIALS } from '../../../program/amount.ts';
import { Program } from '../../../program/program.ts';
import { type ClassBlock, type Direction, isClassFit } from '../../../regimes/class-recipe.ts';
import { launchAddress } from '../../address.ts';
import { chancePattern } from '../../chances.ts';
import { GramSteps } from '../../gram.ts';
import type { ClassSchedule, FitStep } from '../schedule.ts';
import { newtonBatch } from './batch.ts';
import { SETTLED, stepsOf } from './steps.ts';

const LANES = 64;

/** Operations of a sigmoid. */
const SIGMOID_WORK = 30;

/** More than any step: a fit of squares has settled after its only one. */
const ALWAYS = 2;

/** Fit after fit: rows, their labels, and steps of Newton's method, each a weighed Gram matrix, its factor and a solve. */
export function newtonProgram(schedule: ClassSchedule, seed: number, target: Target): Program {
  const { dimension, separation, norm, fits } = schedule;
  const stride = padded(dimension);
  const stride4 = stride / 4;
  const rowsOf = ({ fit }: FitStep) => fit.blocks.reduce((sum, { rows }) => sum + rows, 0);
  const most = Math.max(...fits.map(rowsOf));
  const blocks = fits.flatMap(({ fit }) => fit.blocks);
  // The truth is in slot 0, directions follow, then fits, which begin at zero.
  const directions = directionsOf(blocks);
  const given = directions.length + 1;
  const slots = given + fits.length;
  const program = new Program({
    results: ['outcomes'],
    read: ([outcomes], first, count, capacity) =>
      newtonBatch(schedule, first, count, new Float32Array(outcomes!), capacity),
    changesFor: () => ['fewer samples, or a smaller dimension'],
  });
  const steps = new GramSteps(program, {
    layout: { ...LAYOUT, dimension, factors: fits.length },
    seed,
    target,
    scale: program.shared('scale', 1),
  });
  const models = new Float32Array(slots * stride);
  models[0] = norm;
  directions.forEach((direction, i) => {
    models.set(
      direction.map((x) => norm * x),
      (i + 1) * stride,
    );
  });
  const start = program.startingWith('start', slots * stride, models);
  const held = program.buffer('models', slots * stride);
  const drawn = program.buffer('drawn', Math.max(...blocks.map(({ rows }) => padded(rows))) * stride);
  const design = program.buffer('design', most * stride);
  const weighed = program.buffer('weighed', most * stride);
  const labels = program.buffer('labels', most);
  const residuals = program.buffer('residuals', most);
  const sides = program.buffer('sides', stride);
  const outcomes = program.buffer('outcomes', 3 * fits.length);
  const slotOf = (direction: Direction) => 1 + directions.findIndex((one) => String(one) === String(direction));

  const byRow = (rows: number, operations: number) => ({
    groups: Math.ceil(rows / LANES),
    work: rows * operations,
  });

  /** Rows of a draw into `drawn`, and how many of a trial stand there. */
  const drawInputs = ({ rows, draw, estimated }: ClassBlock): number => {
    const plain = { firstRow: 0, into: 0, scaleOffset: null, transposed: null };
    if (estimated === null) {
      steps.draw(drawn, { ...plain, draw, rows, columns: dimension, held: rows, stride, factor: 1 });
      return rows;
    }
    const [behind, width] = [estimated.rows, padded(rows)];
    const coefficients = program.buffer('coefficients', behind * width);
    const base = program.buffer('base', behind * stride);
    const factor = 1 / Math.sqrt(behind);
    steps.draw(base, {
      ...plain,
      draw: estimated.draw,
      rows: behind,
      columns: dimension,
      held: behind,
      stride,
      factor: 1,
    });
    steps.draw(coefficients, { ...plain, draw, rows: behind, columns: rows, held: behind, stride: width, factor });
    program.dispatch(newtonCoefficients, { coefficients }, byRow(rows, 3 * behind), {
      ...launchAddress(seed, draw),
      ...{ rows, behind, stride: width },
    });
    steps.multiply({ left: coefficients, right: base, product: drawn }, behind, width, stride);
    return width;
  };

  const label = (block: ClassBlock, labeller: number | null, into: number, all: number) => {
    const { rows, draw, flips, keep, response } = block;
    const drawnRows = drawInputs(block);
    const by = isClassFit(block.labels)
      ? given + labeller!
      : block.labels === 'truth'
        ? 0
        : slotOf(block.labels as Direction);
    program.dispatch(newtonLabels, { drawn, models: held, design, labels }, byRow(rows, 6 * dimension + SIGMOID_WORK), {
      ...launchAddress(seed, draw),
      ...{ stride4, slots, labeller: by, judge: keep.judge === 'labeller' ? by : slotOf(keep.judge) },
      ...{ rows, drawn_rows: drawnRows, into, held: all },
      response: response === 'sign' && block.labels === 'truth' ? RESPONSE.class : RESPONSE[response],
      flips: chancePattern(flips),
      right: chancePattern(keep.right),
      wrong: chancePattern(keep.wrong),
      agree: keep.agree ? 1 : 0,
      separation,
      least: keep.least,
      most: Math.min(keep.most, 1e30),
    });
    return into + rows;
  };

  const learn = (step: FitStep, number: number) => {
    const { fit, labellers } = step;
    const rows = rowsOf(step);
    fit.blocks.reduce((into, block, i) => label(block, labellers[i]!, into, rows), 0);
    const own = { stride4, slots, slot: given + number };
    const squares = fit.loss === 'squares';
    for (let count = 0; count < stepsOf(fit); count++) {
      program.dispatch(
        newtonRows,
        { design, labels, models: held, weighed, residuals },
        { ...byRow(rows, 3 * stride + SIGMOID_WORK), constants: { SQUARES: squares } },
        { ...own, rows },
      );
      program.dispatch(
        newtonGradient,
        { design, residuals, models: held, sides },
        { groups: Math.ceil(stride4 / LANES), flops: 2 * rows * stride },
        { ...own, rows, penalty: fit.ridge * rows },
      );
      steps.gram({ buffer: weighed, rows, stride }, 0);
      steps.factor(stride, dimension, fit.ridge * rows, number);
      steps.solve(stride, dimension, 1, sides);
      program.dispatch(
        newtonStep,
        { solutions: steps.solutions(1, stride), models: held, outcomes },
        { groups: 1, flops: 6 * dimension },
        { ...own, fit: number, trials: TRIALS, settled: squares ? ALWAYS : SETTLED },
      );
    }
  };

  program.clear(steps.statuses);
  program.copy({ buffer: start, offset: 0 }, { buffer: held, offset: 0 }, { each: slots * stride, plus: 0 });
  for (const [number, step] of fits.entries()) learn(step, number);
  return program;
}

/** Every direction of a labeller or a judge once. */
function directionsOf(blocks: readonly ClassBlock[]): readonly Direction[] {
  const found = new Map<string, Direction>();
  for (const { labels, keep } of blocks)
    for (const one of [labels, keep.judge])
      if (typeof one === 'object' && !('blocks' in one)) found.set(String(one), one);
  return [...found.values()];
}

/** Nothing of a regression but its factors. */
const LAYOUT = { spectrum: [1], truth: { kind: 'sphere', norm: 1 }, modelSlots: 0, errors: 0, cells: [] } as const;
