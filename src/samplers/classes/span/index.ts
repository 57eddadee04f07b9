import { type ClassRecipe, classFitsBehind, isClassFit } from '../../../regimes/class-recipe.ts';
import { relativeRounding, type Sampler, type SamplerJob } from '../../sampler.ts';
import { classScheduleOf } from '../schedule.ts';
import { spanProgram } from './program.ts';
import { openSpanReference } from './reference.ts';

/** How far f32 may move a test error, as a share of it (docs/numerics.md, "Certificates"). */
const SHARE = 1e-3;

/** Rows of a block: chunks of them are workgroups along x. */
const MOST_ROWS = 2 ** 24;

/**
 * Linear classifiers by ridge regression on rows that a judge has kept, exactly: of every row only the four coordinates that labels
 * and judge know are drawn, and of all others together a band matrix, so that a trial costs n + d and not n d (docs/samplers.md).
 */
export const span: Sampler<ClassRecipe> = {
  name: 'span',
  version: 2,
  knows: new Set([
    'classes',
    'loss squares',
    'sigmoid',
    'judge',
    'flips',
    'separation',
    'several blocks',
    'generations',
    'estimated mean',
    'share kept',
  ]),
  refuses: ({ estimate }) => {
    const blocks = classFitsBehind(estimate.fit).flatMap((fit) => fit.blocks);
    const rows = Math.max(...blocks.map((block) => block.rows));
    if (rows > MOST_ROWS) return `span draws at most ${MOST_ROWS} rows of a kind for a fit, here it would be ${rows}`;
    // Both are what the fourth coordinate of a row stands for.
    return blocks.some(({ estimated }) => estimated) && blocks.some(({ labels }) => isClassFit(labels))
      ? 'span does not draw rows of an estimated mean where another fit makes labels'
      : null;
  },
  program: (job) => spanProgram(schedule(job), job.seed),
  openReference: (job) => openSpanReference(schedule(job), job.seed),
  rounding: () => relativeRounding(SHARE),
};

const schedule = ({ recipes }: SamplerJob<ClassRecipe>) => classScheduleOf(recipes);
