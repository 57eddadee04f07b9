import {
  GATHER,
  imageBack,
  imageCount,
  imageFirst,
  imageGather,
  imageHidden,
  imageJudge,
  imageKeep,
  imageLabel,
  imageOrder,
  imageSay,
  imageSecond,
  imageStart,
} from '../../../kernels/image-networks.ts';
import { type Target, TUNINGS } from '../../../kernels/tuning.ts';
import { TRIALS } from '../../../program/amount.ts';
import { type DispatchStep, Program } from '../../../program/program.ts';
import { unbiased } from '../../adam.ts';
import { launchAddress } from '../../address.ts';
import { errorsForm } from '../../results.ts';
import type { ImageSource } from '../images.ts';
import { buffersOf, LOOKED_AT, mostOf } from './buffers.ts';
import { imageFeeder } from './feeder.ts';
import type { NetworkSchedule, Phase } from './schedule.ts';
import { ADAM, HELD_OUTPUTS, halfBits, OUTPUTS, type Shape, shapeOf } from './shape.ts';

const LANES = 64;

/** Units that a lane of the large products holds. */
const TILE = 16;

/** Phase after phase all its networks at once: labels, then epoch after epoch steps, and what becomes of them. */
export function networkProgram(schedule: NetworkSchedule, seed: number, source: ImageSource, target: Target): Program {
  return new NetworkSteps(schedule, seed, source, target).program;
}

/** Networks in a buffer, of which some are at work. */
interface Held {
  readonly buffer: 'weights' | 'kept';
  readonly held: number;
  readonly network: number;
  readonly apart4: number;
  readonly layers: number;
}

/** Some images of an epoch, which every epoch learns from in its own order. */
interface Minibatch {
  readonly columns4: number;
  /** Forwards and backwards: the same in every epoch. */
  readonly steps: readonly DispatchStep[];
}

class NetworkSteps {
  readonly program: Program;
  readonly #schedule: NetworkSchedule;
  readonly #seed: number;
  readonly #tuning: (typeof TUNINGS)[Target['tuning']];
  readonly #buffers: ReturnType<typeof buffersOf>;
  readonly #inputs: number;
  readonly #most: ReturnType<typeof mostOf>;

  constructor(schedule: NetworkSchedule, seed: number, source: ImageSource, { tuning }: Target) {
    const { world, cells, phases } = schedule;
    this.#schedule = schedule;
    this.#seed = seed;
    this.#tuning = TUNINGS[tuning];
    this.#inputs = world.population.features;
    this.#most = mostOf(schedule);
    this.program = new Program({
      ...errorsForm(cells.map((error) => ({ error, factors: [] }))),
      long: true,
      errorOf: cells,
      state: ['weights', 'moments', 'kept', 'scores', 'labels', 'order', 'errors'],
      changesFor: () => ['fewer networks in a panel, fewer images, or a smaller width'],
      host: imageFeeder(schedule, seed, source),
      feedsBatches: true,
    });
    this.#buffers = buffersOf(this.program, schedule, this.#most);
    for (const phase of phases) this.#train(phase);
  }

  #train(phase: Phase): void {
    const { training, epochs, asked, steps, heldOut, learners } = phase;
    const shape = shapeOf(this.#inputs, training);
    const running: Held = {
      buffer: 'weights',
      held: learners.length,
      network: 0,
      apart4: shape.weights / 4,
      layers: learners.length,
    };
    this.#start(phase, shape);
    this.#label(phase);
    this.#keep(phase, shape, true);
    this.#ask(phase, shape, asked.get(0));
    const minibatches: Minibatch[] = [];
    let made = 0;
    for (let epoch = 1; epoch <= epochs; epoch++) {
      this.#shuffle(phase, epoch);
      for (let step = 0; step < steps; step++) {
        if (epoch === 1) minibatches.push(this.#minibatch(phase, shape, running, step * training.batch));
        else for (const again of minibatches[step]!.steps) this.program.repeat(again);
        this.#update(phase, shape, running, minibatches[step]!.columns4, ++made);
        this.program.mark();
      }
      const last = epoch === epochs || asked.has(epoch);
      if (heldOut > 0) this.#score(phase, shape, running);
      if (heldOut > 0 || last) this.#keep(phase, shape, heldOut === 0);
      this.#ask(phase, shape, asked.get(epoch));
    }
  }

  #start({ training, learners }: Phase, { units, width, weights }: Shape): void {
    const { weights: buffer, moments, scores } = this.#buffers;
    this.program.dispatch(
      imageStart,
      { weights: buffer, moments, scores },
      {
        groups: Math.ceil(weights / 4 / LANES),
        layers: learners.length,
        normals: (weights * learners.length) / 4,
        constants: { ADAM: training.optimiser === 'adam' },
      },
      {
        ...launchAddress(this.#seed, training.start),
        ...{ layers: learners.length, stride4: units / 4, inputs: this.#inputs, width, weights4: weights / 4 },
        first_bound: 1 / Math.sqrt(this.#inputs),
        second_bound: 1 / Math.sqrt(width),
      },
    );
  }

  /** What teachers say of the images, and the labels that come of it. */
  #label(phase: Phase): void {
    const { training, teachers, rows, learners, first, sample } = phase;
    const { blocks, picks, digits, told, labels } = this.#buffers;
    for (const [t, teacher] of teachers.entries()) {
      const shape = this.#shapeOf(teacher);
      for (let from = 0; from < rows; from += LOOKED_AT) {
        const { columns4 } = this.#gather(GATHER.rows, phase, from, Math.min(LOOKED_AT, rows - from), false);
        const { buffers, grid, launch } = this.#hidden(shape, this.#kept(teacher, 1), columns4);
        this.program.dispatch(imageSay, { ...buffers, told }, grid, {
          ...launch,
          teachers: teachers.length,
          teacher: t,
        });
      }
    }
    const items = (rows * HELD_OUTPUTS) / 4;
    this.program.dispatch(
      imageLabel,
      { blocks, picks, digits, told, labels },
      { groups: Math.ceil(items / LANES), layers: learners.length, normals: rows * HELD_OUTPUTS * learners.length },
      {
        ...launchAddress(this.#seed, training.errors),
        ...{ layers: learners.length, rows, most_rows: this.#most.rows },
        ...{ first_learner: first, learner_words: 3 * this.#most.blocks },
        ...{ picked: this.#most.picked, sample, teachers: teachers.length },
      },
    );
  }

  #shuffle({ training, rows, heldOut }: Phase, epoch: number): void {
    const learnt = rows - heldOut;
    this.program.dispatch(
      imageOrder,
      { order: this.#buffers.order },
      { groups: Math.ceil(rows / LANES), normals: rows },
      {
        ...launchAddress(this.#seed, training.order),
        ...{ rows, learnt, held_out: training.heldOut, half: halfBits(learnt), epoch, most_rows: this.#most.rows },
      },
    );
  }

  /** Forwards and backwards through the images from so many on. */
  #minibatch(phase: Phase, shape: Shape, running: Held, first: number): Minibatch {
    const { training, rows, heldOut } = phase;
    const { labels, delta, back } = this.#buffers;
    const count = Math.min(training.batch, rows - heldOut - first);
    const { columns4, gathered } = this.#gather(GATHER.order, phase, first, count, true);
    const { buffers, grid, launch, reached } = this.#hidden(shape, running, columns4);
    const returned = this.program.dispatch(
      imageBack,
      { ...buffers, labels, delta, back },
      { ...grid, flops: 2 * grid.flops },
      { ...launch, scale: 2 / (OUTPUTS * count) },
    );
    return { columns4, steps: [gathered, reached, returned] };
  }

  #update({ training }: Phase, shape: Shape, running: Held, columns4: number, number: number): void {
    const { delta, back, by_image, hidden, weights, moments } = this.#buffers;
    const update = {
      weights4: shape.weights / 4,
      rate: training.rate,
      ...unbiased(ADAM, number),
    };
    const { rows: source, lanes } = this.#tuning;
    const constants = { ADAM: training.optimiser === 'adam' };
    const layer = this.#layer(shape, running, columns4);
    const groups = Math.ceil(shape.units / 4 / lanes);
    const columns = 4 * columns4;
    this.program.dispatch(
      imageFirst[source],
      { by_image, back, weights, moments },
      {
        groups: groups * Math.ceil(this.#inputs / TILE),
        layers: running.layers,
        flops: 2 * this.#inputs * shape.width * columns * running.layers,
        constants: { ...constants, LANES: lanes },
      },
      { ...layer, ...update, groups },
    );
    const items = shape.units + shape.units / 4 + HELD_OUTPUTS / 4;
    this.program.dispatch(
      imageSecond,
      { hidden, delta, back, weights, moments },
      {
        groups: Math.ceil(items / LANES),
        layers: running.layers,
        flops: 2 * HELD_OUTPUTS * shape.width * columns * running.layers,
        constants,
      },
      { ...layer, ...update },
    );
  }

  /** How far the networks are from the labels that are kept from training, and where they are nearest. */
  #score(phase: Phase, shape: Shape, running: Held): void {
    const { rows, heldOut } = phase;
    this.#judge(phase, shape, running, { mode: GATHER.order, first: rows - heldOut, count: heldOut });
    this.#count(running.layers, heldOut, true, 0, 1);
  }

  /** Asks the networks as they are kept; nothing where no number is given for the first test error. */
  #ask(phase: Phase, shape: Shape, first: number | undefined): void {
    if (first === undefined) return;
    const { tests } = this.#schedule.world;
    const kept = this.#kept(phase.first, phase.learners.length);
    this.#judge(phase, shape, kept, { mode: GATHER.tests, first: 0, count: tests });
    this.#count(kept.layers, tests, false, first, 1 / (OUTPUTS * tests));
    this.program.written(first, kept.layers);
  }

  /** Adds up lane by lane how far networks are off at so many images. */
  #judge(
    phase: Phase,
    shape: Shape,
    held: Held,
    { mode, first, count }: { readonly mode: number; readonly first: number; readonly count: number },
  ): void {
    const { labels, digits, outcomes } = this.#buffers;
    for (let from = 0; from < count; from += LOOKED_AT) {
      const { columns4 } = this.#gather(mode, phase, first + from, Math.min(LOOKED_AT, count - from), false);
      const { buffers, grid, launch } = this.#hidden(shape, held, columns4);
      this.program.dispatch(
        imageJudge,
        { ...buffers, labels, digits, outcomes },
        { ...grid, constants: { TRUTH: mode === GATHER.tests } },
        { ...launch, accumulate: from > 0 ? 1 : 0 },
      );
    }
  }

  /** What lanes have come to at so many images. */
  #count(layers: number, count: number, SCORE: boolean, first: number, share: number): void {
    const { outcomes, scores, errors } = this.#buffers;
    const lanes = Math.ceil(Math.min(LOOKED_AT, count) / 4);
    this.program.dispatch(
      imageCount,
      { outcomes, scores, errors },
      { groups: 1, layers, flops: lanes * layers, constants: { SCORE } },
      { layers, columns4: lanes, most_columns: this.#most.columns, first, trials: TRIALS, share },
    );
  }

  #keep({ learners, first }: Phase, { weights: count }: Shape, always: boolean): void {
    const { scores, weights, kept } = this.#buffers;
    this.program.dispatch(
      imageKeep,
      { scores, weights, kept },
      { groups: Math.ceil(count / 4 / LANES), layers: learners.length, flops: count * learners.length },
      {
        ...{ layers: learners.length, weights4: count / 4, first_learner: first },
        ...{ networks: this.#schedule.networks, kept4: this.#most.weights / 4, always: always ? 1 : 0 },
      },
    );
  }

  /** Images into columns, of which there are so many quadruples. */
  #gather(MODE: number, { sample }: Phase, first: number, count: number, both: boolean) {
    const { pixels, images, shifts, picks, order, columns, by_image, by_pixel } = this.#buffers;
    const columns4 = Math.ceil(count / 4);
    const items = columns4 * (this.#inputs / 4);
    const gathered = this.program.dispatch(
      imageGather,
      { pixels, images, shifts, picks, order, columns, by_image, by_pixel },
      { groups: Math.ceil(items / LANES), flops: 3 * 16 * items, constants: { MODE } },
      {
        ...{ inputs: this.#inputs, columns4, most_columns: this.#most.columns, count, first, both: both ? 1 : 0 },
        ...{ most_rows: this.#most.rows, training: this.#schedule.world.population.training },
        ...{ picked: this.#most.picked, sample },
      },
    );
    return { columns4, gathered };
  }

  /** The hidden layer; gives what whoever finds the outputs has in common. */
  #hidden(shape: Shape, held: Held, columns4: number) {
    const { by_pixel, hidden, columns } = this.#buffers;
    const { rows: source, lanes } = this.#tuning;
    const { layers } = held;
    const weights = this.#buffers[held.buffer];
    const groups = Math.ceil(columns4 / lanes);
    const { held: all, network, apart4 } = held;
    const launch = { ...this.#layer(shape, held, columns4), held: all, network, apart4 };
    /** Of a product of the units with so many numbers each. */
    const flops = (numbers: number) => 2 * numbers * shape.width * 4 * columns4 * layers;
    const reached = this.program.dispatch(
      imageHidden[source],
      { weights, by_pixel, hidden },
      {
        groups: groups * Math.ceil(shape.units / TILE),
        layers,
        flops: flops(this.#inputs),
        constants: { LANES: lanes },
      },
      { ...launch, groups },
    );
    return {
      reached,
      buffers: { weights, hidden, columns },
      grid: { groups: Math.ceil(columns4 / LANES), layers, flops: flops(HELD_OUTPUTS) },
      launch: { ...launch, most_rows: this.#most.rows },
    };
  }

  #layer({ units }: Shape, { layers }: Held, columns4: number) {
    return { layers, stride4: units / 4, inputs: this.#inputs, columns4, most_columns: this.#most.columns };
  }

  #kept(network: number, layers: number): Held {
    return { buffer: 'kept', held: this.#schedule.networks, network, apart4: this.#most.weights / 4, layers };
  }

  #shapeOf(network: number): Shape {
    const { training } = this.#schedule.phases.find(
      ({ first, learners }) => first <= network && network < first + learners.length,
    )!;
    return shapeOf(this.#inputs, training);
  }
}
