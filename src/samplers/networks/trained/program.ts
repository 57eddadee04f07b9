import {
  divisorAsk,
  divisorCount,
  divisorLearn,
  divisorStart,
  divisorStep,
  divisorTell,
  NO_TEACHER,
  TOLD_WORDS,
} from '../../../kernels/networks.ts';
import { TRIALS } from '../../../program/amount.ts';
import { Program } from '../../../program/program.ts';
import { isTraining } from '../../../regimes/divisor-recipe.ts';
import { unbiased } from '../../adam.ts';
import { launchAddress } from '../../address.ts';
import { chancePattern } from '../../chances.ts';
import { errorsForm } from '../../results.ts';
import { type Asked, type Phase, rateAt, type TrainedSchedule } from './schedule.ts';
import { ADAM, HEADS, shapeOf, startOf } from './shape.ts';

const LANES = 64;

/** Phase after phase: weights to begin with, then step by step gradients and Adam for all its networks at once, and what is asked between. */
export function trainedProgram(schedule: TrainedSchedule, seed: number): Program {
  const { world, phases, networks } = schedule;
  const { base, digits, tests, asked: askedDraw } = world;
  const shape = shapeOf(world);
  const { positions, rows, width, hidden, answers, weights: weightCount } = shape;
  const program = new Program({
    ...errorsForm(schedule.cells.map((error) => ({ error, factors: [] }))),
    long: true,
    errorOf: schedule.cells,
    state: ['weights', 'moments', 'errors'],
    changesFor: () => ['fewer networks in a panel, a smaller batch, or a smaller network'],
  });
  const readGradient = 3 * width + 2 * hidden + answers;
  const attention = readGradient + width;
  const features = attention + 2 * HEADS * positions;
  const columns = Math.max(...phases.map(({ networks: all, training }) => all.length * training.batch));
  const weights = program.buffer('weights', networks * weightCount);
  const moments = program.buffer('moments', 2 * networks * weightCount);
  const activations = program.buffer('activations', columns * features);
  const rowsBuffer = program.buffer('rows', columns * positions);
  const taught = program.buffer('taught', columns);
  const outcomes = program.buffer('outcomes', 2 * columns);
  const errors = program.buffer('errors', schedule.results);
  const learners = phases.flatMap(({ networks: all }) => all);
  const told = program.constant('networks told', Uint32Array.from(learners.flatMap(toldOf)));
  const shares = program.constant(
    'shares',
    Float32Array.from(learners, ({ training }) => training.share),
  );
  const deviations = program.constant('deviations', deviationsOf(shape));
  const examples = { weights, networks_told: told, activations, rows: rowsBuffer, taught };

  /** Operations of a batch through the network and back. */
  const forward = 2 * (2 * width * hidden + width * answers + positions * width);
  const items = rows * (1 + width / 4) + tilesOf(width, hidden) + tilesOf(hidden, width) + tilesOf(width, answers);

  const draws = ({ training: { batch }, networks: all, first }: Phase) => ({
    grid: (flops: number) => ({
      groups: batch / LANES,
      layers: all.length,
      flops: flops * batch * all.length,
      normals: batch * all.length,
    }),
    launch: {
      ...{ layers: all.length, networks, first_network: first, batch, positions },
      ...{ width4: width / 4, hidden4: hidden / 4, answers4: answers / 4 },
      ...{ table_rows: rows, weights4: weightCount / 4, base },
    },
  });

  const step = (phase: Phase, number: number) => {
    const { training, networks: all } = phase;
    const { batch } = training;
    const { grid, launch } = draws(phase);
    const first_example = (number - 1) * batch;
    const drawn = { ...launchAddress(seed, training.pairs), largest: base ** digits - 1, divisor: 0, first_example };
    if (all.some(({ teacher }) => teacher !== null))
      program.dispatch(divisorTell, examples, grid(forward), { ...launch, ...drawn });
    program.dispatch(divisorStep, examples, grid(2 * forward), { ...launch, ...drawn });
    program.dispatch(
      divisorLearn,
      { activations, rows: rowsBuffer, weights, moments },
      { groups: Math.ceil(items / LANES), layers: all.length, flops: forward * batch * all.length },
      {
        ...launch,
        ...{ features, attention, read_gradient: readGradient, score_gradient: attention + HEADS * positions },
        rate: rateAt(number, training),
        ...unbiased(ADAM, number),
      },
    );
  };

  const ask = (phase: Phase, { question, first }: Asked) => {
    const { training, networks: all } = phase;
    const { batch } = training;
    const { grid, launch } = draws(phase);
    const chunks = Math.ceil(tests / batch);
    const skill = question.kind === 'answers';
    for (let chunk = 0; chunk < chunks; chunk++) {
      const drawn = {
        ...launchAddress(seed, askedDraw),
        largest: base ** digits - 1,
        divisor: skill ? question.divisor : 0,
        first_example: chunk * batch,
      };
      if (question.kind === 'loss' && all.some(({ teacher }) => teacher !== null))
        program.dispatch(divisorTell, examples, grid(forward), { ...launch, ...drawn });
      program.dispatch(divisorAsk, { ...examples, shares, outcomes }, grid(forward), {
        ...launch,
        ...drawn,
        answer: skill ? question.answer : 0,
      });
    }
    program.dispatch(
      divisorCount,
      { outcomes, errors },
      { groups: 1, layers: all.length, flops: batch * all.length },
      {
        layers: all.length,
        batch,
        which: question.kind === 'loss' ? 1 : 0,
        first,
        trials: TRIALS,
        share: 1 / (chunks * batch),
      },
    );
    program.written(first, all.length);
  };

  for (const phase of phases) {
    const { networks: all, first, training, steps, asked } = phase;
    program.dispatch(
      divisorStart,
      { deviations, weights, moments },
      { groups: Math.ceil(weightCount / 4 / LANES), layers: all.length, normals: weightCount * all.length },
      { ...launchAddress(seed, training.start), networks, first_network: first, weights4: weightCount / 4 },
    );
    for (let number = 0; number <= steps; number++) {
      if (number > 0) step(phase, number);
      for (const one of asked.get(number) ?? []) ask(phase, one);
      program.mark();
    }
  }
  return program;
}

/** Tiles of 4 x 4 weights of a matrix, and quadruples of its bias. */
const tilesOf = (inputs: number, outputs: number) => (inputs / 4 + 1) * (outputs / 4);

function toldOf({ training: { share, generator }, teacher }: TrainedSchedule['phases'][number]['networks'][number]) {
  const known = isTraining(generator) ? [] : generator.known;
  const words = [chancePattern(share), teacher ?? NO_TEACHER, known.length, ...known];
  return [...words, ...new Array<number>(TOLD_WORDS - words.length).fill(0)];
}

function deviationsOf(shape: ReturnType<typeof shapeOf>): Float32Array {
  const parts = startOf(shape);
  return Float32Array.from({ length: shape.weights / 4 }, (_, i) => parts.find(([end]) => 4 * i < end)![1]);
}
