import { type Fit, isFit, type KernelRecipe } from '../../../regimes/recipe.ts';
import type { Word } from '../../../regimes/words.ts';
import type { Sampler } from '../../sampler.ts';
import type { ImageSource } from '../images.ts';
import { kernelProgram } from './program.ts';
import { openKernelReference } from './reference.ts';
import { kernelScheduleOf } from './schedule.ts';

/** How far f32 may move a test error, as a share of it and of the squared labels (docs/numerics.md, "Certificates"). */
const SHARE = 25_600 * 2 ** -24;

/** Kernel ridge regressions on images, literally: kernel matrix, Cholesky factor, predictions on the test images. */
export function kernelSampler(images: ImageSource): Sampler<KernelRecipe> {
  return {
    name: 'kernel',
    version: 2,
    knows: KNOWN,
    refuses,
    program: (job, target) => kernelProgram(kernelScheduleOf(job.recipes), job.seed, images, target),
    prepare: (job) => images(job.recipes[0]!.population).then(() => {}),
    openReference: (job) => openKernelReference(job.recipes, job.seed, images),
    rounding: () => (_, errors) => Array.from(errors, (error) => SHARE * (1 + error)),
  };
}

const KNOWN: ReadonlySet<Word> = new Set([
  'kernel',
  'function rbf',
  'function polynomial',
  'function random-features',
  'several blocks',
  'part',
  'projection',
  'generations',
]);

function refuses(recipe: KernelRecipe): string | null {
  const { name, test } = recipe.population;
  if (recipe.tests > test) return `${name} has ${test} test images`;
  return refusesFit(recipe.estimate, recipe);
}

function refusesFit(fit: Fit, recipe: KernelRecipe): string | null {
  const { name, training } = recipe.population;
  const { data, ridge, projection } = fit;
  if (!(ridge > 0)) return 'kernel needs a ridge above 0 in every fit';
  if ((projection !== undefined) !== (recipe.kernel.kind === 'random-features'))
    return 'kernel needs a projection in every fit to random features, and in no other';
  let rows = 0;
  for (const { inputs, first = 0, rows: more } of data) {
    const { unit, generation } = data[0]!.inputs;
    if (inputs.unit !== unit || inputs.generation !== generation || first !== rows)
      return 'kernel needs fits to images of one draw, block after block';
    rows += more;
  }
  if (rows > training) return `${name} has ${training} images to learn from`;
  for (const { labels } of data) {
    const reason = labels !== 'truth' && isFit(labels) ? refusesFit(labels, recipe) : null;
    if (reason) return reason;
  }
  return null;
}
