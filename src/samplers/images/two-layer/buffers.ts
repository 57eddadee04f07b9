import { TRUE_LABELS } from '../../../kernels/image-networks.ts';
import type { Program } from '../../../program/program.ts';
import type { NetworkSchedule, Phase } from './schedule.ts';
import { HELD_OUTPUTS, shapeOf } from './shape.ts';

/** Images that are looked at at once where nothing is learnt from them. */
export const LOOKED_AT = 512;

/** The largest of everything that one buffer serves. */
export function mostOf({ world, phases, samples }: NetworkSchedule) {
  const most = (of: (phase: Phase) => number) => Math.max(...phases.map(of));
  const shape = (phase: Phase) => shapeOf(world.population.features, phase.training);
  const learners = ({ learners }: Phase) => learners.length;
  return {
    rows: most(({ rows }) => rows),
    blocks: most(({ learners }) => Math.max(...learners.map(({ blocks }) => blocks.length))),
    columns: Math.max(
      LOOKED_AT,
      most(({ training }) => training.batch),
    ),
    picked: samples.reduce((sum, { rows }) => sum + rows, 0),
    weights: most((phase) => shape(phase).weights),
    learners: most(learners),
    teachers: most(({ teachers }) => teachers.length),
    running: most((phase) => learners(phase) * shape(phase).weights),
    moments: most((phase) => (phase.training.optimiser === 'adam' ? 2 * learners(phase) * shape(phase).weights : 0)),
    units: most((phase) => learners(phase) * shape(phase).units),
  };
}

export function buffersOf(program: Program, schedule: NetworkSchedule, most: ReturnType<typeof mostOf>) {
  const { world, networks, errors, phases } = schedule;
  const { training, test, features } = world.population;
  return {
    pixels: program.shared('pixels', ((training + test) * features) / 4),
    images: program.shared('images', 2 * (training + test)),
    shifts: program.shared('shifts', features),
    digits: program.shared('digits', training + test),
    blocks: program.constant('blocks', blocksOf(phases, most.blocks)),
    picks: program.buffer('picks', most.picked),
    order: program.buffer('order', most.rows),
    columns: program.buffer('columns', most.columns),
    by_image: program.buffer('by image', most.columns * features),
    by_pixel: program.buffer('by pixel', most.columns * features),
    weights: program.buffer('weights', most.running),
    moments: program.buffer('moments', Math.max(4, most.moments)),
    kept: program.buffer('kept', networks * most.weights),
    scores: program.buffer('scores', 2 * most.learners),
    hidden: program.buffer('hidden', most.units * most.columns),
    back: program.buffer('back', most.units * most.columns),
    delta: program.buffer('delta', most.learners * most.columns * HELD_OUTPUTS),
    told: program.buffer('told', Math.max(1, most.teachers) * most.rows * HELD_OUTPUTS),
    labels: program.buffer('labels', most.learners * most.rows * HELD_OUTPUTS),
    outcomes: program.buffer('outcomes', (most.learners * most.columns) / 4),
    errors: program.buffer('errors', errors),
  };
}

/** By network and block: the row after its last, its teacher among those of the phase, its noise. */
function blocksOf(phases: readonly Phase[], most: number): Uint32Array {
  const learners = phases.flatMap(({ learners, teachers }) => learners.map(({ blocks }) => ({ blocks, teachers })));
  const words = new Uint32Array(3 * most * learners.length);
  const numbers = new Float32Array(words.buffer);
  for (const [l, { blocks, teachers }] of learners.entries())
    for (const [b, { end, teacher, noise }] of blocks.entries()) {
      const at = 3 * (l * most + b);
      words[at] = end;
      words[at + 1] = teacher === null ? TRUE_LABELS : teachers.indexOf(teacher);
      numbers[at + 2] = noise;
    }
  return words;
}
