/**
 * Plan. Everything is decided before anything is allocated.
 * - Every cell is in exactly one job of its panel; panels do not share jobs.
 * - `auto` takes the cheapest sampler that draws all cells and fits; a sampler by name is taken whatever it costs; an
 *   unknown one, one that refuses, and none at all are told in words; `direct` refuses designs that no one waits for.
 * - A device that is too small: what is needed, what there is, and changes that would fit, of which the first does.
 * - The largest batch respects the binding, the groups of a dispatch and the memory of a batch, and is at least 1.
 * - Memory of a batch is that of the workspace; results beyond what the host keeps are refused with a number that fits.
 */

import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/experiment/experiment.ts';
import { parseExperiment } from '../../src/experiment/parse.ts';
import { PlanError, planExperiment, REFERENCE_LIMITS } from '../../src/plan/plan.ts';
import { type DeviceLimits, DeviceTooSmall } from '../../src/program/cost.ts';
import { Program } from '../../src/program/program.ts';
import { regimes } from '../../src/regimes/index.ts';
import { isFitted } from '../../src/regimes/recipe.ts';
import { direct } from '../../src/samplers/linear/direct/index.ts';
import { krylov } from '../../src/samplers/linear/krylov/index.ts';
import { wishart } from '../../src/samplers/linear/wishart/index.ts';
import type { Sampler } from '../../src/samplers/sampler.ts';

/** What every WebGPU device allows. */
const LIMITS: DeviceLimits = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxComputeWorkgroupsPerDimension: 65535,
};

const base = {
  name: 'plan',
  regime: 'replace',
  dimension: 20,
  generator: { samples: 40, noise: 0.2 },
  downstream: { samples: [50, 60], noise: 0.1, ridge: [0.1, 1] },
  generations: [0, 2],
  trials: 100,
};

function plan(change: JsonObject = {}, samplers: readonly Sampler[] = [direct], limits = LIMITS) {
  const experiment = parseExperiment({ ...base, ...change }, regimes);
  return planExperiment(experiment, regimes, new Map(samplers.map((sampler) => [sampler.name, sampler])), limits);
}

/** `direct` under another name, at another price, or with a reason to refuse. */
function variant(name: string, price: number, refuses: Sampler['refuses'] = () => null): Sampler {
  const program: Sampler['program'] = (job, target) => {
    const usual = (direct as Sampler).program(job, target);
    for (const [i, step] of usual.steps.entries())
      if (step.kind === 'dispatch') usual.steps[i] = { ...step, work: i === usual.steps.length - 1 ? price : 0 };
    return Object.defineProperty(usual, 'work', { value: price });
  };
  return { ...direct, name, refuses, program };
}

function never(): never {
  throw new Error('Nobody draws it.');
}

function thrown(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}

it('refuses rows by the hundred million to direct', () => {
  const rows = { downstream: { samples: 2 ** 31 - 1, noise: 0.1, ridge: 0.1 } };
  expect(() => plan({ ...rows, sampler: 'direct' })).toThrow(/direct draws at most 33554432 rows for a cell, here/);
  expect(() => plan({ generator: { samples: 2 ** 23, noise: 0.2 }, sampler: 'direct' })).not.toThrow();
});

describe('jobs', () => {
  it('hold every cell once', () => {
    const { jobs } = plan({ dimension: [10, 20] });
    const cells = jobs.flatMap((job) => job.cells);
    expect(cells.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, i) => i));
    expect(jobs).toHaveLength(2);
  });

  it('carry seed and trials of their panel, and the recipes of their cells', () => {
    const { jobs } = plan({
      panels: [
        { name: 'a', seed: 5 },
        { name: 'b', trials: 7 },
      ],
    });
    expect(jobs.map(({ panel, trials, job }) => [panel.name, trials, job.seed])).toEqual([
      ['a', 100, 5],
      ['b', 7, 1],
    ]);
    for (const { panel, cells, job } of jobs)
      expect(job.recipes).toEqual(cells.map((c) => regimes.get('replace')!.recipe(panel.cells[c]!.parameters)));
  });

  it('of several panels: results take 8 bytes for each trial of each cell', () => {
    expect(plan({ panels: [{ name: 'a' }, { name: 'b', trials: 7 }] }).resultBytes).toBe(8 * 8 * (100 + 7));
  });
});

describe('the sampler', () => {
  const chosen = (samplers: readonly Sampler[], change: JsonObject = {}) =>
    plan(change, samplers).jobs.map(({ sampler }) => sampler.name);

  it('auto is the cheapest', () => {
    expect(chosen([direct, variant('dear', 1e12), variant('cheap', 1)])).toEqual(['cheap']);
  });

  it('auto is the fastest where samplers were measured side by side', () => {
    const powerLaw = (dimension: number, samples: number) => ({
      dimension,
      covariance: { kind: 'power-law', exponent: 1.5 },
      generator: { samples: 2 * dimension, noise: 0.5 },
      downstream: { samples, noise: 0.5, ridge: { logspace: [-4, 1, 20] } },
      generations: [0, 1, 2, 3],
    });
    const contestants = [direct, wishart, krylov];
    expect(chosen(contestants, powerLaw(128, 256))).toEqual(['krylov']);
    expect(chosen(contestants, powerLaw(300, 600))).toEqual(['krylov']);
    expect(chosen(contestants, powerLaw(60, 120))).toEqual(['wishart']);
  });

  it('auto is one that draws every cell of the job', () => {
    const ridgeOnly = variant('cheap', 1, (recipe) =>
      isFitted(recipe) && recipe.estimate.ridge < 0.5 ? 'needs a ridge' : null,
    );
    expect(chosen([ridgeOnly, direct])).toEqual(['direct']);
    expect(chosen([ridgeOnly, direct], { downstream: { samples: 50, noise: 1, ridge: 1 } })).toEqual(['cheap']);
  });

  it('auto is one that fits the device', () => {
    const huge: Sampler = {
      ...variant('huge', 1),
      program: () => {
        const program = new Program({ results: [], read: () => never(), changesFor: () => [] });
        program.buffer('huge', 2 ** 40);
        return program;
      },
    };
    expect(chosen([huge, direct])).toEqual(['direct']);
    expect(thrown(() => chosen([huge]))).toBeInstanceOf(DeviceTooSmall);
  });

  it('by name is taken at any price', () => {
    expect(chosen([direct, variant('dear', 1e12)], { sampler: 'dear' })).toEqual(['dear']);
  });

  it('unknown, refusing, or none at all: says why', () => {
    const shy = variant('shy', 1, () => 'it does not want to');
    const say = (samplers: readonly Sampler[], sampler: string) => {
      const error = thrown(() => chosen(samplers, { sampler }));
      expect(error).toBeInstanceOf(PlanError);
      return (error as PlanError).message;
    };
    expect(say([direct], 'dirct')).toMatch(
      /^sampler: unknown sampler "dirct", did you mean "direct"\? allowed: auto, direct$/,
    );
    expect(say([direct, shy], 'shy')).toBe('sampler: shy cannot draw this experiment: it does not want to. Use auto.');
    const stranger = { ...variant('stranger', 1), knows: new Set<never>() };
    expect(say([stranger, shy], 'auto')).toBe('sampler: none can draw this experiment (shy: it does not want to)');
    expect(say([stranger], 'auto')).toMatch(/^sampler: none can draw this experiment \(stranger: stranger draws no /);
  });
});

describe('a device that is too small', () => {
  const large = { dimension: 6000, downstream: { samples: 7000, noise: 1, ridge: 1 }, generations: 0 };
  const error = thrown(() => plan(large)) as DeviceTooSmall;

  it('is told with what is needed and what there is', () => {
    expect(error).toBeInstanceOf(DeviceTooSmall);
    expect(error.message).toMatch(/dimension 6000 needs 1\d\d MiB .* allows 128 MiB/);
  });

  it('is told with changes, of which the first two fit', () => {
    expect(error.changes.length).toBeGreaterThan(2);
    const order = Number(/dimension (\d+) or less/.exec(error.changes[0]!)![1]);
    expect(order).toBeGreaterThan(5000);
    expect(plan({ ...large, dimension: order }).jobs[0]!.cost.largestBatch).toBe(1);
    expect(thrown(() => plan({ ...large, dimension: order + 1 }))).toBeInstanceOf(DeviceTooSmall);
    const samples = Number(/at most (\d+) samples/.exec(error.changes[1]!)![1]);
    expect(samples).toBeGreaterThan(5000);
    const few = { ...large.downstream, samples };
    expect(plan({ ...large, downstream: few }).jobs[0]!.cost.largestBatch).toBe(1);
    expect(thrown(() => plan({ ...large, downstream: { ...few, samples: samples + 1 } }))).toBeInstanceOf(
      DeviceTooSmall,
    );
  });

  it('is told of the largest dimension that the samples leave room for', () => {
    const wide = { downstream: { samples: 2000, noise: 1, ridge: 1 }, generations: 0 };
    const error = thrown(() => plan({ ...wide, dimension: 100_000 })) as DeviceTooSmall;
    const most = Number(/dimension (\d+) or less/.exec(error.changes[0]!)![1]);
    expect(most).toBeGreaterThan(16_000);
    expect(plan({ ...wide, dimension: most }).jobs).toHaveLength(1);
    expect(thrown(() => plan({ ...wide, dimension: most + 16 }))).toBeInstanceOf(DeviceTooSmall);
  });

  it('is told of cells where it is they that are too many', () => {
    const downstream = { samples: 40, noise: { linspace: [0, 1, 300] }, ridge: 1 };
    const limits = { ...LIMITS, maxStorageBufferBindingSize: 2 ** 16 };
    const error = thrown(() => plan({ dimension: 100, downstream, generations: 0 }, [direct], limits));
    expect((error as DeviceTooSmall).changes[0]).toMatch(/^fewer cells/);
  });

  it('is not the reference', () => {
    expect(plan(large, [direct], REFERENCE_LIMITS).jobs).toHaveLength(1);
  });
});

describe('the largest batch', () => {
  const small = { dimension: 1, downstream: { samples: 1, noise: 1, ridge: 1 }, generations: 0 };
  const largest = (change: JsonObject, limits: Partial<DeviceLimits> = {}) =>
    plan(change, [direct], { ...LIMITS, ...limits }).jobs[0]!.cost.largestBatch;

  it('never needs more groups than a dispatch has', () => {
    expect(largest(small)).toBe(65535);
    expect(largest(small, { maxComputeWorkgroupsPerDimension: 1000 })).toBe(1000);
  });

  it('keeps the largest buffer in one binding', () => {
    // d = 500: the padded Gram matrix of 512^2 floats is 1 MiB, the design larger.
    const change = { dimension: 500, downstream: { samples: 400, noise: 1, ridge: 1 }, generations: 0 };
    const perTrial = 4 * Math.max(...[...plan(change).jobs[0]!.program.buffers.values()].map(({ words }) => words));
    for (const binding of [2 ** 22, 2 ** 24, 2 ** 27]) {
      const batch = largest(change, { maxStorageBufferBindingSize: binding });
      expect(batch * perTrial).toBeLessThanOrEqual(binding);
      expect((batch + 1) * perTrial).toBeGreaterThan(binding);
    }
    expect(largest(change, { maxBufferSize: 2 ** 22 })).toBe(largest(change, { maxStorageBufferBindingSize: 2 ** 22 }));
  });

  it('keeps all buffers together within a gibibyte', () => {
    const { cost } = plan({ dimension: 500 }, [direct], REFERENCE_LIMITS).jobs[0]!;
    expect(cost.bytes(cost.largestBatch)).toBeLessThanOrEqual(2 ** 30);
    expect(cost.bytes(cost.largestBatch + 1)).toBeGreaterThan(2 ** 30);
  });

  it('takes the memory of the workspace, and twice more of what comes back', () => {
    const { cost, program } = plan().jobs[0]!;
    const words = (kind: string) =>
      [...program.buffers.values()].reduce((sum, buffer) => sum + (buffer.kind === kind ? buffer.words : 0), 0);
    const back = ['errors', 'statuses'].reduce((sum, name) => sum + program.buffers.get(name)!.words, 0);
    expect(cost.bytes(7)).toBe(4 * (7 * (words('each') + 2 * back) + words('shared')));
  });
});

describe('too many results', () => {
  it('are refused with a number of trials that fits', () => {
    const change = { downstream: { samples: 50, noise: 1, ridge: 1 }, generations: [0, 1] };
    const error = thrown(() => plan({ ...change, trials: 1e9 })) as PlanError;
    expect(error).toBeInstanceOf(PlanError);
    const fitting = Number(/at most (\d+) trials/.exec(error.message)![1]);
    expect(plan({ ...change, trials: fitting }).resultBytes).toBeLessThanOrEqual(4 * 2 ** 30);
    expect(thrown(() => plan({ ...change, trials: fitting + 1 }))).toBeInstanceOf(PlanError);
  });
});
