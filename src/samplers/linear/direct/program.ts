import { PANEL } from '../../../kernels/tiles.ts';
import type { Target } from '../../../kernels/tuning.ts';
import { Program } from '../../../program/program.ts';
import type { FitSchedule } from '../../fit-schedule.ts';
import { factoredForm } from '../../results.ts';
import { LinearSteps } from '../steps.ts';
import { type Corrections, conditionsOf, correctionsOf } from './conditioning.ts';
import { fusedPass } from './fused.ts';
import { type Fusion, fusionOf, LARGEST_FUSED } from './fusion.ts';
import type { DirectJob } from './job.ts';
import { nestsOf } from './nested.ts';
import { DirectPass } from './pass.ts';
import { spectraOf } from './slices.ts';

/** Everything from the random numbers to the test error stays on the device. */
export function directProgram(
  schedule: FitSchedule,
  seed: number,
  target: Target,
  corrections: Corrections = correctionsOf(schedule),
  fusion: Fusion = fusionOf(schedule, LARGEST_FUSED[target.software ? 'software' : 'gpu'], corrections),
): Program {
  const { dimension } = schedule;
  const program = new Program({
    ...factoredForm(schedule.cells),
    subject: `One trial at dimension ${dimension}`,
    changesFor: (buffer, words) => changesFor(schedule, buffer, words),
  });
  const designs = schedule.passes.map(({ design }) => design);
  const spectra = spectraOf(schedule.spectrum, designs);
  const scale = program.constant('scale', Float32Array.from(spectra.flat(), Math.sqrt));
  const steps = new LinearSteps(program, { layout: schedule, seed, target, scale });
  const conditions = conditionsOf(schedule);
  const nests = nestsOf(schedule.passes);
  const job: DirectJob = { schedule, seed, steps, scale, spectra };
  program.clear(steps.statuses);
  steps.truth();
  steps.shifts(schedule.shifts);
  steps.scaled(schedule.scaled);
  for (const [index, pass] of schedule.passes.entries()) {
    const layout = fusion[index];
    if (layout) fusedPass(job, pass, index, layout);
    else new DirectPass(job, pass, index, nests[index]!).all(corrections[index]!, conditions[index]!);
  }
  return program;
}

function changesFor({ dimension, passes }: FitSchedule, buffer: string, words: number): readonly string[] {
  switch (buffer) {
    case 'design':
    case 'gram':
    case 'matrix':
      return smallerMatrices(dimension, Math.max(...passes.map(({ rows }) => rows)), words);
    case 'inputs':
    case 'projection':
    case 'features':
      return [`at most ${Math.floor(words / dimension / PANEL) * PANEL} samples and random features in a fit`];
    default:
      return ['fewer cells: shorter lists of the sweep'];
  }
}

/** A Gram matrix of order min(samples, d), and in the dual the whole design beside it, in a binding of so many words. */
function smallerMatrices(dimension: number, samples: number, words: number): string[] {
  const wholePanels = (n: number) => Math.floor(n / PANEL) * PANEL;
  const order = wholePanels(Math.sqrt(words));
  const rows = Math.min(order, wholePanels(words / dimension));
  const wide = samples <= order ? wholePanels(words / samples) : 0;
  return [
    `dimension ${Math.max(order, wide)} or less`,
    `at most ${rows} samples in every data set (the Gram matrix then has the order of the samples)`,
  ];
}
