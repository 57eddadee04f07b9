import { drawName } from '../../../regimes/draw.ts';
import {
  heldOutOf,
  isNetwork,
  type NetworkRecipe,
  type NetworkTraining,
  rowsOf,
  stepsOf,
  type TrainedNetwork,
} from '../../../regimes/network-recipe.ts';
import type { Draw } from '../../../regimes/recipe.ts';

/** Labels of the rows up to `end`, from those of the block before on. */
export interface LearnerBlock {
  readonly end: number;
  /** Number of the network that labels; null: the truth. */
  readonly teacher: number | null;
  readonly noise: number;
}

export interface Learner {
  readonly blocks: readonly LearnerBlock[];
}

/** Networks that are trained side by side on the same images in the same order from the same start, each with its own labels. */
export interface Phase {
  /** Of any of them; what they learn is told by the learners. */
  readonly training: NetworkTraining;
  readonly learners: readonly Learner[];
  /** Number of the first network; the others follow. */
  readonly first: number;
  readonly rows: number;
  /** Rows that are kept from training. */
  readonly heldOut: number;
  /** Steps of an epoch. */
  readonly steps: number;
  readonly epochs: number;
  /** By epoch the first of the test errors that are asked for then, one for each network. */
  readonly asked: ReadonlyMap<number, number>;
  /** Networks that label for any of them. */
  readonly teachers: readonly number[];
  /** Where its images begin among those that are chosen for a trial. */
  readonly sample: number;
}

/** Images chosen from the training set; who learns from fewer of a draw takes the first of them. */
export interface Sample {
  readonly inputs: Draw;
  readonly rows: number;
  readonly offset: number;
}

/** Everything one trial does, for all cells of a job. */
export interface NetworkSchedule {
  readonly world: Omit<NetworkRecipe, 'estimate'>;
  readonly samples: readonly Sample[];
  readonly phases: readonly Phase[];
  readonly networks: number;
  /** Test errors. */
  readonly errors: number;
  /** By cell the number of its error. */
  readonly cells: readonly number[];
}

interface Network {
  readonly training: NetworkTraining;
  readonly level: number;
  /** After which it labels for others; null: it does not. */
  readonly teachesAfter: number | null;
}

/** Every training of a job once, those that are alike side by side, and after those that label for them. */
export function networkScheduleOf(recipes: readonly NetworkRecipe[]): NetworkSchedule {
  const networks = new Map<string, Network>();
  const level = ({ training }: TrainedNetwork): number =>
    1 + Math.max(-1, ...training.blocks.map(({ labels }) => (isNetwork(labels) ? teach(labels) : -1)));
  const teach = (network: TrainedNetwork): number => {
    const name = JSON.stringify(network);
    const known = networks.get(name);
    if (known) return known.level;
    const own = { training: network.training, level: level(network), teachesAfter: network.epochs };
    networks.set(name, own);
    return own.level;
  };
  const cellsOf = recipes.map(({ estimate }) => ({ estimate, level: level(estimate) }));
  const teachers = new Map([...networks].map(([name, { training }]) => [JSON.stringify(training), name]));
  // A cell that asks of a teacher before its end asks the teacher.
  const asked = cellsOf.map(({ estimate, level }) => {
    const training = JSON.stringify(estimate.training);
    const teacher = teachers.get(training);
    if (teacher !== undefined && estimate.epochs <= networks.get(teacher)!.teachesAfter!) return teacher;
    networks.set(training, { training: estimate.training, level, teachesAfter: null });
    return training;
  });
  const cellsBy = new Map<string, number[]>();
  for (const [cell, name] of asked.entries()) {
    const own = cellsBy.get(name) ?? [];
    own.push(cell);
    cellsBy.set(name, own);
  }

  const groups = new Map<string, string[]>();
  for (const [name, { training, level, teachesAfter }] of networks) {
    const { blocks: _, ...alike } = training;
    const group = JSON.stringify([level, teachesAfter, rowsOf(training), alike]);
    groups.set(group, [...(groups.get(group) ?? []), name]);
  }
  const levelOf = (names: readonly string[]) => networks.get(names[0]!)!.level;
  const order = [...groups.values()].toSorted((a, b) => levelOf(a) - levelOf(b));
  const numbers = new Map(order.flat().map((name, number) => [name, number]));
  const samples = samplesOf([...networks.values()].map(({ training }) => training));

  let errors = 0;
  const cells = new Array<number>(recipes.length);
  const phases = order.map((names): Phase => {
    const { training, teachesAfter } = networks.get(names[0]!)!;
    const first = numbers.get(names[0]!)!;
    const questions = new Map<number, number>();
    for (const [n, name] of names.entries())
      for (const cell of cellsBy.get(name) ?? []) {
        const { epochs } = recipes[cell]!.estimate;
        if (!questions.has(epochs)) {
          questions.set(epochs, errors);
          errors += names.length;
        }
        cells[cell] = questions.get(epochs)! + n;
      }
    const learners = names.map((name) => learnerOf(networks.get(name)!.training, numbers));
    const teachers = learners.flatMap(({ blocks }) => blocks.flatMap(({ teacher }) => teacher ?? []));
    return {
      ...{ training, learners, first, asked: questions },
      rows: rowsOf(training),
      heldOut: heldOutOf(training),
      steps: stepsOf(training),
      epochs: Math.max(teachesAfter ?? 0, ...questions.keys()),
      teachers: [...new Set(teachers)],
      sample: samples.find(({ inputs }) => drawName(inputs) === drawName(training.inputs))!.offset,
    };
  });
  const { estimate: _, ...world } = recipes[0]!;
  return { world, samples, phases, networks: networks.size, errors, cells };
}

function learnerOf({ blocks }: NetworkTraining, numbers: ReadonlyMap<string, number>): Learner {
  let end = 0;
  return {
    blocks: blocks.map(({ rows, labels, noise }) => {
      end += rows;
      return { end, teacher: isNetwork(labels) ? numbers.get(JSON.stringify(labels))! : null, noise };
    }),
  };
}

function samplesOf(trainings: readonly NetworkTraining[]): readonly Sample[] {
  const most = new Map<string, { inputs: Draw; rows: number }>();
  for (const training of trainings) {
    const { inputs } = training;
    const rows = Math.max(rowsOf(training), most.get(drawName(inputs))?.rows ?? 0);
    most.set(drawName(inputs), { inputs, rows });
  }
  let offset = 0;
  return [...most.values()].map(({ inputs, rows }) => {
    const sample = { inputs, rows, offset };
    offset += rows;
    return sample;
  });
}
