import { padded } from '../../kernels/linalg.ts';
import type { Draw, KernelRecipe } from '../../regimes/recipe.ts';
import { asChain } from '../chain.ts';
import { type Pass, type Schedule, scheduleOf } from '../chain-schedule.ts';

/** Images drawn from the training set; fits to fewer rows of the same draw take the first of them. */
export interface Sample {
  readonly inputs: Draw;
  readonly rows: number;
  readonly stride: number;
  /** Where its images stand among those of all samples, in rows of the stride. */
  readonly offset: number;
}

/** Fits of a pass that label other samples, and what they say of those. */
export interface Labeller {
  /** Side and ridge of every such fit. */
  readonly fits: readonly { readonly side: number; readonly ridge: number }[];
  /** Samples that they label, and the first row of their values there. */
  readonly targets: readonly { readonly sample: number; readonly row: number }[];
}

export interface KernelPass {
  readonly pass: Pass;
  readonly sample: number;
  readonly stride: number;
  /** Row of the values that each side takes its labels from. */
  readonly labels: readonly number[];
  readonly labeller: Labeller;
}

/** Neighbouring passes over one sample whose fits are tested, all at once. */
export interface Tested {
  readonly sample: number;
  readonly lastPass: number;
  /** Number of the first test error, and how many there are. */
  readonly first: number;
  readonly count: number;
}

/** Everything one trial does, for all cells of a job. */
export interface KernelSchedule {
  /** What all cells have in common. */
  readonly world: KernelRecipe;
  readonly fits: Schedule;
  readonly samples: readonly Sample[];
  readonly passes: readonly KernelPass[];
  readonly tested: readonly Tested[];
  /** Rows of values: the true labels of every sample, then what labellers say. Each labeller begins at a multiple of 16. */
  readonly valueRows: number;
}

/** Compiles the recipes of one job. Which fit follows which is the same question as for linear regression. */
export function kernelScheduleOf(recipes: readonly KernelRecipe[]): KernelSchedule {
  const nowhere = { kind: 'linear', dimension: 1, spectrum: [1], truth: { kind: 'sphere', norm: 1 } } as const;
  const fits = scheduleOf(recipes.map((recipe) => ({ ...nowhere, estimate: asChain(recipe).estimate })));
  const samples = samplesOf(fits.passes);
  const sampleOf = ({ inputs }: Pass) => samples.findIndex((sample) => nameOf(sample.inputs) === nameOf(inputs));
  const places = new Map<string, number>(samples.map((_, sample) => [`0 ${sample}`, sample]));
  let valueRows = padded(samples.length);
  const passes = fits.passes.map((pass): KernelPass => {
    const kept = pass.outputs.filter(({ slot }) => slot !== null);
    const labelled = new Set(
      fits.passes
        .filter(({ sides }) => sides.some(({ labels }) => kept.some(({ slot }) => slot === labels)))
        .map(sampleOf),
    );
    const targets = [...labelled].map((sample) => {
      const row = valueRows;
      for (const [i, { slot }] of kept.entries()) places.set(`${slot} ${sample}`, row + i);
      valueRows += padded(kept.length);
      return { sample, row };
    });
    const sample = sampleOf(pass);
    return {
      pass,
      sample,
      stride: padded(pass.rows),
      labels: pass.sides.map(({ labels }) => places.get(`${labels} ${sample}`)!),
      labeller: { fits: kept, targets },
    };
  });
  return { world: recipes[0]!, fits, samples, passes, tested: testedOf(passes), valueRows };
}

function samplesOf(passes: readonly Pass[]): readonly Sample[] {
  const most = new Map<string, { inputs: Draw; rows: number }>();
  for (const { inputs, rows } of passes) {
    const before = most.get(nameOf(inputs));
    if (!before || before.rows < rows) most.set(nameOf(inputs), { inputs, rows });
  }
  let offset = 0;
  return [...most.values()].map(({ inputs, rows }) => {
    const sample = { inputs, rows, stride: padded(rows), offset };
    offset += sample.stride;
    return sample;
  });
}

function testedOf(passes: readonly KernelPass[]): readonly Tested[] {
  const runs: Tested[] = [];
  for (const [lastPass, { pass, sample }] of passes.entries()) {
    if (!pass.measured) continue;
    const count = pass.sides.length * pass.ridges.length;
    const run = runs.at(-1);
    if (run?.sample === sample) runs[runs.length - 1] = { ...run, lastPass, count: run.count + count };
    else runs.push({ sample, lastPass, first: pass.firstError, count });
  }
  return runs;
}

const nameOf = ({ unit, generation }: Draw) => `${unit}/${generation}`;
