import { type DivisorRecipe, isTraining, type Question, type Training } from '../../../regimes/divisor-recipe.ts';

/** Networks that are trained side by side on the same pairs, each with its own labels. */
export interface Phase {
  readonly training: Training;
  readonly networks: readonly Learner[];
  /** Number of the first; the others follow. */
  readonly first: number;
  /** All steps that anyone needs of it, and by step what is asked then. */
  readonly steps: number;
  readonly asked: ReadonlyMap<number, readonly Asked[]>;
}

export interface Learner {
  readonly training: Training;
  /** Number of the network that labels; null where none does. */
  readonly teacher: number | null;
}

/** A question to all networks of a phase: its answers are results `first`, `first + 1` and so on, one for each. */
export interface Asked {
  readonly question: Question;
  readonly first: number;
}

export interface TrainedSchedule {
  readonly world: Omit<DivisorRecipe, 'estimate'>;
  readonly phases: readonly Phase[];
  readonly networks: number;
  readonly results: number;
  /** By cell the number of its result. */
  readonly cells: readonly number[];
}

/** The rate of step 1, 2 and so on. */
export function rateAt(step: number, { examples, batch, rate }: Training): number {
  const steps = examples / batch;
  return rate * Math.min(1, step / 100) * Math.min(1, (steps - step + 1) / (0.2 * steps));
}

/** Every training of a job once, those of one kind and generation side by side, and after those that teach them. */
export function trainedScheduleOf(recipes: readonly DivisorRecipe[]): TrainedSchedule {
  const groups = new Map<string, Training[]>();
  const learners = new Map<string, string>();
  const enlist = (training: Training): number => {
    const level = isTraining(training.generator) ? enlist(training.generator) + 1 : 0;
    const { share: _, generator: __, ...alike } = training;
    const group = JSON.stringify([level, alike]);
    if (!learners.has(JSON.stringify(training))) groups.set(group, [...(groups.get(group) ?? []), training]);
    learners.set(JSON.stringify(training), group);
    return level;
  };
  for (const { estimate } of recipes) enlist(estimate.training);
  const levelOf = (group: string) => (JSON.parse(group) as [number])[0];
  const order = [...groups].toSorted(([a], [b]) => levelOf(a) - levelOf(b));

  const numbers = new Map<string, number>();
  for (const [, trainings] of order)
    for (const training of trainings) numbers.set(JSON.stringify(training), numbers.size);
  const teachers = new Set(
    order.flatMap(([, all]) =>
      all.flatMap(({ generator }) => (isTraining(generator) ? [JSON.stringify(generator)] : [])),
    ),
  );

  let results = 0;
  const cells = new Array<number>(recipes.length);
  const phases = order.map(([group, trainings]): Phase => {
    const first = numbers.get(JSON.stringify(trainings[0]))!;
    const asked = new Map<number, Asked[]>();
    for (const [cell, { estimate }] of recipes.entries()) {
      const name = JSON.stringify(estimate.training);
      if (learners.get(name) !== group) continue;
      const step = estimate.examples / estimate.training.batch;
      const all = asked.get(step) ?? [];
      asked.set(step, all);
      let one = all.find(({ question }) => JSON.stringify(question) === JSON.stringify(estimate.question));
      if (!one) {
        one = { question: estimate.question, first: results };
        results += trainings.length;
        all.push(one);
      }
      cells[cell] = one.first + numbers.get(name)! - first;
    }
    const teaches = trainings.some((training) => teachers.has(JSON.stringify(training)));
    const [training] = trainings as [Training];
    const networks = trainings.map((one): Learner => {
      const { generator } = one;
      return { training: one, teacher: isTraining(generator) ? numbers.get(JSON.stringify(generator))! : null };
    });
    const last = Math.max(0, ...asked.keys());
    return { training, networks, first, asked, steps: teaches ? training.examples / training.batch : last };
  });
  const { estimate: _, ...world } = recipes[0]!;
  return { world, phases, networks: numbers.size, results, cells };
}
