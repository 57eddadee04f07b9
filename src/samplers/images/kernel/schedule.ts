import { padded } from '../../../kernels/tiles.ts';
import { drawName } from '../../../regimes/draw.ts';
import type { Draw, KernelRecipe, Projection } from '../../../regimes/recipe.ts';
import { type FitPass, type FitSchedule, fitScheduleOf } from '../../fit-schedule.ts';
import { outputsOf } from '../images.ts';

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
  readonly pass: FitPass;
  readonly sample: number;
  readonly stride: number;
  /** By side and label, the first row of the values that it is taken from. */
  readonly values: readonly (readonly number[])[];
  readonly labeller: Labeller;
  /** Of neighbouring passes of several sizes over the same sample and features: rows of the largest, of whose kernel matrix theirs are blocks. */
  readonly most: number | null;
  /** Whether it is the first of them. */
  readonly opens: boolean;
}

/** Neighbouring passes over one sample, with the same random features if any, whose fits are tested, all at once. */
export interface Tested {
  readonly sample: number;
  readonly projection: Projection | undefined;
  readonly lastPass: number;
  /** Number of the first test error, and how many there are. */
  readonly first: number;
  readonly count: number;
}

/** Everything one trial does, for all cells of a job. */
export interface KernelSchedule {
  /** What all cells have in common. */
  readonly world: KernelRecipe;
  /** Numbers that an image is labelled by: every label, value and solution is there so many times, next to one another. */
  readonly outputs: number;
  readonly fits: FitSchedule;
  readonly samples: readonly Sample[];
  readonly passes: readonly KernelPass[];
  readonly tested: readonly Tested[];
  /** Rows of values: the true labels of every sample, then what labellers say. Each labeller begins at a multiple of 16. */
  readonly valueRows: number;
}

/** Compiles the recipes of one job. Which fit follows which is the same question as for linear regression. */
export function kernelScheduleOf(recipes: readonly KernelRecipe[]): KernelSchedule {
  const nowhere = { kind: 'linear', dimension: 1, spectrum: [1], truth: { kind: 'sphere', norm: 1 } } as const;
  const fits = fitScheduleOf(recipes.map(({ estimate }) => ({ ...nowhere, estimate })));
  const world = recipes[0]!;
  const outputs = outputsOf(world.coding);
  const samples = samplesOf(fits.passes);
  const sampleOf = (pass: FitPass) =>
    samples.findIndex((sample) => drawName(sample.inputs) === drawName(inputsOf(pass)));
  const places = new Map<string, number>(samples.map((_, sample) => [`0 ${sample}`, sample * outputs]));
  let valueRows = padded(samples.length * outputs);
  const alone = fits.passes.map((pass) => {
    const kept = pass.outputs.filter(({ slot }) => slot !== null);
    const labelled = new Set(
      fits.passes
        .filter(({ sides }) => sides.some(({ labels }) => labels.some((label) => keeps(kept, label.labels))))
        .map(sampleOf),
    );
    const targets = [...labelled].map((sample) => {
      const row = valueRows;
      for (const [i, { slot }] of kept.entries()) places.set(`${slot} ${sample}`, row + i * outputs);
      valueRows += padded(kept.length * outputs);
      return { sample, row };
    });
    const sample = sampleOf(pass);
    return {
      pass,
      sample,
      stride: padded(pass.rows),
      values: pass.sides.map(({ labels }) => labels.map((label) => places.get(`${label.labels} ${sample}`)!)),
      labeller: { fits: kept, targets },
    };
  });
  const passes = nested(alone);
  return { world, outputs, fits, samples, passes, tested: testedOf(passes), valueRows };
}

function nested(passes: readonly Omit<KernelPass, 'most' | 'opens'>[]): KernelPass[] {
  const runs: Omit<KernelPass, 'most' | 'opens'>[][] = [];
  for (const pass of passes) {
    const before = runs.at(-1)?.[0];
    const { projection } = pass.pass.design;
    if (before?.sample === pass.sample && isSame(before.pass.design.projection, projection)) runs.at(-1)!.push(pass);
    else runs.push([pass]);
  }
  return runs.flatMap((run) => {
    const rows = run.map(({ pass }) => pass.rows);
    const most = Math.max(...rows);
    const several = rows.some((count) => count < most);
    return run.map((pass, i) => ({ ...pass, most: several ? most : null, opens: i === 0 }));
  });
}

/** All rows of a fit are of one draw, from its beginning on: anything else is refused. */
const inputsOf = ({ design }: FitPass): Draw => design.parts[0]!.inputs;

const keeps = (outputs: FitPass['outputs'], slot: number): boolean => outputs.some((output) => output.slot === slot);

function samplesOf(passes: readonly FitPass[]): readonly Sample[] {
  const most = new Map<string, { inputs: Draw; rows: number }>();
  for (const pass of passes) {
    const inputs = inputsOf(pass);
    const before = most.get(drawName(inputs));
    if (!before || before.rows < pass.rows) most.set(drawName(inputs), { inputs, rows: pass.rows });
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
    const { projection } = pass.design;
    const count = pass.sides.length * pass.ridges.length;
    const run = runs.at(-1);
    if (run?.sample === sample && isSame(run.projection, projection))
      runs[runs.length - 1] = { ...run, lastPass, count: run.count + count };
    else runs.push({ sample, projection, lastPass, first: pass.firstError, count });
  }
  return runs;
}

function isSame(a: Projection | undefined, b: Projection | undefined): boolean {
  return a === b || (a?.features === b?.features && drawName(a!.draw) === drawName(b!.draw));
}
