import { z } from 'zod';
import { axis, type Resolved } from '../experiment/axis.ts';
import { finite, integer, positive } from '../experiment/numbers.ts';
import type { Problem } from '../experiment/problem.ts';
import { largestDivisor } from '../reference/divisors.ts';
import { accuracyOf, answerIn, type Cell, cellsOf, lossPlateau, threshold } from '../theory/divisors.ts';
import type { Prediction } from '../theory/prediction.ts';
import type { DivisorRecipe, Question, Training } from './divisor-recipe.ts';
import { CITATION } from './hutter-parameters.ts';
import type { Regime } from './regime.ts';

const multipleOf = (least: number, most: number) =>
  integer(least, most).multipleOf(least, { error: `a multiple of ${least}` });

/** Pairs have numbers below this. */
const LARGEST = 2 ** 20;

const divisorSet = z.array(integer(1, LARGEST)).min(1, { error: 'at least one divisor' }).max(29, {
  error: 'at most 29 divisors',
});

const parameters = z.strictObject({
  base: integer(2, 1000).default(10).describe('B, in which numbers are written'),
  digits: integer(1, 19).default(4).describe('of each of the two numbers, which are uniform in 1 .. B^digits - 1'),
  answers: multipleOf(4, 400).default(100).describe('1, 2, and so on, and one for all divisors that are larger'),
  network: z
    .strictObject({
      width: multipleOf(16, 256).default(32).describe('d, of the encoder'),
      hidden: multipleOf(4, 1024).default(64).describe('units of its layer'),
    })
    .prefault({}),
  training: z
    .strictObject({
      examples: integer(64, 2 ** 26)
        .default(2 ** 18)
        .describe('pairs over which the rate rises and falls'),
      batch: multipleOf(64, 4096).default(256).describe('pairs of a step'),
      rate: positive().default(0.004).describe("Adam's"),
    })
    .prefault({})
    .describe('of every network'),
  generator: z
    .strictObject({
      known: divisorSet
        .default([1, 2, 5, 10])
        .describe('divisors that it knows: it answers with the largest that divides'),
      examples: integer(0, 2 ** 26)
        .default(0)
        .describe(
          '0: the rule stands for it; else it is a network that has learnt from so many pairs with true labels',
        ),
    })
    .prefault({}),
  synthetic: axis(finite().min(0, { error: 'a number from 0 to 1' }).max(1, { error: 'a number from 0 to 1' }))
    .prefault(0)
    .describe('f, share of the labels that are generated'),
  generations: axis(integer(0, 10), { innermost: true })
    .prefault(1)
    .describe(
      'networks that learn one from the other, the first from the generator; 0: the generator itself, a network',
    ),
  tests: integer(64, 2 ** 20)
    .default(2048)
    .describe('fresh pairs that a network is asked, rounded up to whole batches'),
  measure: z
    .enum(['accuracy', 'loss', 'answers'])
    .default('accuracy')
    .describe(
      'share of right answers; cross-entropy with labels such as it learns from; share of one answer at one divisor',
    ),
  divisor: axis(integer(1, 1000)).prefault(1).describe('k, of the pairs whose answers are counted'),
  answer: axis(integer(0, 399)).prefault(0).describe('that is counted; 0: the right one'),
  told: divisorSet
    .optional()
    .describe('divisors that the network tells apart at the end, for the theory; absent: none is held against it'),
  examples: axis(integer(0, 2 ** 26), { innermost: true })
    .describe('after which the network is asked, whole batches; absent: at the end')
    .optional(),
});

export type DivisorParameters = Resolved<z.output<typeof parameters>>;

/** Of a plateau and of an accuracy, as shares of them: a trained network is near its optimum, not there (docs/tails.md). */
const NEAR = { loss: 0.03, accuracy: 0.01, answers: 0.1 } as const;

/** Votes that are nearer than this, in the share of generated labels, are cast by chance at a finite number of examples. */
const CLOSE_VOTE = 0.08;

/** Appendix G of arXiv:2402.07043 with networks: an encoder learns greatest common divisors, of labels some of which another one made. */
export const divisors: Regime<DivisorParameters, DivisorRecipe> = {
  name: 'divisors',
  title: 'A network learns greatest common divisors from another',
  citation: CITATION,
  parameters,
  terms: false,
  blocks: ({ generations, generator }) => generations + (generator.examples > 0 ? 1 : 0),
  errorName: ({ measure }) =>
    ({ accuracy: 'share of right answers', loss: 'cross-entropy', answers: 'share of the answer' })[measure],
  problems,
  recipe: (p) => ({
    kind: 'divisors',
    ...{ base: p.base, digits: p.digits, answers: p.answers, network: p.network, tests: p.tests },
    asked: { unit: 'divisors/asked', generation: 0 },
    estimate: { training: trainingOf(p), examples: p.examples ?? lengthOf(p), question: questionOf(p) },
  }),
  theory,
};

/** Examples that the last network learns from. */
const lengthOf = ({ generations, generator, training }: DivisorParameters) =>
  generations === 0 ? generator.examples : training.examples;

function questionOf({ measure, divisor, answer }: DivisorParameters): Question {
  return measure === 'answers' ? { kind: measure, divisor, answer: answer || divisor } : { kind: measure };
}

/** A network that learns from true labels, as long as it is to; all others learn from the one before. */
function trainingOf({ training, generator, synthetic, generations }: DivisorParameters): Training {
  const draws = (generation: number) => ({
    start: { unit: 'divisors/start', generation },
    pairs: { unit: 'divisors/pairs', generation },
  });
  const { known, examples } = generator;
  const first: Training = {
    ...training,
    ...draws(0),
    share: 0,
    generator: { known: [1] },
    ...(examples > 0 && { examples }),
  };
  let labels: Training['generator'] = examples > 0 ? first : { known };
  let last = first;
  for (let n = 1; n <= generations; n++) {
    last = { ...training, ...draws(n), share: synthetic, generator: labels };
    labels = last;
  }
  return last;
}

function problems(p: DivisorParameters): Problem[] {
  const { base, digits, divisor, answer, answers, generations, generator, measure, training, told } = p;
  const { examples = 0 } = p;
  const found: Problem[] = [];
  const need = (path: string, wrong: boolean, message: string) => {
    if (wrong) found.push({ path, message });
  };
  const { batch } = training;
  const most = lengthOf(p);
  need('digits', base ** digits > LARGEST, `gives numbers up to ${base ** digits - 1}, need less than ${LARGEST}`);
  need(
    'training.examples',
    training.examples % batch > 0,
    `found ${training.examples}, need whole batches of ${batch}`,
  );
  need(
    'generator.examples',
    generator.examples % batch > 0,
    `found ${generator.examples}, need whole batches of ${batch}`,
  );
  need('generations', generations === 0 && generator.examples === 0, 'found 0, need a generator that is a network');
  need('examples', examples % batch > 0, `found ${examples}, need whole batches of ${batch}`);
  need('examples', examples > most, `found ${examples}, need at most the ${most} of the training`);
  need(
    'divisor',
    measure === 'answers' && divisor >= base ** digits,
    `found ${divisor}, need less than ${base ** digits}`,
  );
  need('answer', Math.max(answer, answer || divisor) > answers, `found ${answer || divisor}, need at most ${answers}`);
  need('generator.known', !generator.known.includes(1), 'need 1 among them');
  need('told', told !== undefined && !told.includes(1), 'need 1 among them');
  return found;
}

/** At the end of a training, where it is said what the network tells apart. */
function theory(p: DivisorParameters): Prediction | null {
  const { base, digits, answers, told, generator, synthetic, generations, measure } = p;
  if (told === undefined || (p.examples ?? lengthOf(p)) !== lengthOf(p)) return null;
  const world = { largest: base ** digits - 1, classes: answers - 1 };
  const share = generations === 0 ? 0 : synthetic;
  const { known } = generator;
  const own = generations === 0 ? known : told;
  const cells = cellsOf(world, own, { known, share });
  const source = 'arXiv:2402.07043v2, App. G, by the vote on labels in a cell (docs/tails.md)';
  const predicted = (value: number): Prediction => ({ kind: 'value', value, allowance: NEAR[measure] * value, source });
  if (measure === 'loss') return predicted(lossPlateau(cells));
  const close = own.some((k) => !known.includes(k) && Math.abs(threshold(world, own, k) - share) < CLOSE_VOTE);
  if (close) return null;
  if (measure === 'accuracy') return predicted(accuracyOf(cells));
  // What is never answered has no size that a few networks could be held against.
  return answersThere(p, cells, own) ? predicted(1) : null;
}

/** Whether it is the answer of the cell of the divisor. */
function answersThere(
  { divisor, answer }: DivisorParameters,
  cells: readonly Cell[],
  told: readonly number[],
): boolean {
  const cell = cells.find((one) => one.divisor === largestDivisor(told, divisor))!;
  return answerIn(cell) === (answer || divisor);
}
