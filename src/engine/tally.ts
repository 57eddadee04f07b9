import type { Panel } from '../experiment/experiment.ts';
import type { BesideTheory, CellResult, Independence, PanelResult } from '../experiment/results.ts';
import type { Plan } from '../plan/plan.ts';
import { atOnce, saying } from '../plan/turns.ts';
import { type TrialBatch, TrialStatus } from '../program/trials.ts';
import { scalingPredictor } from '../regimes/predict.ts';
import type { Regime } from '../regimes/regime.ts';
import { panelFits } from '../scaling/fits.ts';
import { CellSample } from '../statistics/cell-sample.ts';
import { withoutMean } from '../statistics/summary.ts';
import { type Prediction, predictedTerm } from '../theory/prediction.ts';
import type { CellRows } from './cell-rows.ts';
import type { EarlyPart } from './drawing.ts';
import { FirstTrials } from './first-trials.ts';
import type { Phase } from './phase.ts';
import { addTerms, type TermSamples, termSamples } from './term-samples.ts';

/** Errors of a cell by trial, NaN where one failed or was not drawn. */
export type TrialsOf = (panel: string, cell: number) => Float64Array;

/** Collects the trials of every cell of a plan and turns them into results beside their theory. */
export class Tally {
  readonly #plan: Plan;
  readonly #samples: readonly (readonly CellSample[])[];
  /** By job and cell; null where the panel draws no term. */
  readonly #terms: readonly (readonly TermSamples[] | null)[];
  readonly #first: FirstTrials;
  readonly #regimes: ReadonlyMap<string, Regime>;
  /** As far as they are worked out. */
  readonly #predictions = new Map<Panel, (Prediction | null)[]>();

  constructor(plan: Plan, regimes: ReadonlyMap<string, Regime>) {
    this.#plan = plan;
    this.#first = new FirstTrials(plan);
    this.#regimes = regimes;
    this.#samples = plan.jobs.map((job) => job.cells.map(() => new CellSample()));
    this.#terms = plan.jobs.map(({ panel, cells }) => (panel.y ? cells.map(termSamples) : null));
  }

  /** Counts a batch, cell by cell: between two of them the caller may do something else. */
  *add(job: number, { first, count, errors, statuses }: TrialBatch): Generator<void, void> {
    const cells = this.#samples[job]!.length;
    const rows = (recipe: number): CellRows => ({
      errors: errors.subarray(recipe * count, (recipe + 1) * count),
      statuses: statuses.subarray(recipe * count, (recipe + 1) * count),
    });
    for (let cell = 0; cell < cells; cell++) {
      const variants = errors.length / (cells * count);
      this.addCell(
        job,
        cell,
        first,
        Array.from({ length: variants }, (_, variant) => rows(variant * cells + cell)),
      );
      yield;
    }
  }

  /** Counts trials `first`, … of a job's cell: those of its recipe, then of those that its terms are read off. */
  addCell(job: number, cell: number, first: number, variants: readonly CellRows[]): void {
    const { errors, statuses } = variants[0]!;
    this.#first.add(job, cell, first, variants[0]!);
    this.#samples[job]![cell]!.add(errors, statuses);
    const terms = this.#terms[job]?.[cell];
    if (terms) addTerms(terms, variants);
  }

  /** Sums up a cell that gets no more trials, and lets go of them. */
  settle(job: number, cell: number): void {
    this.#samples[job]![cell]!.settle();
    for (const sample of Object.values(this.#terms[job]?.[cell] ?? {})) sample.settle();
  }

  /** Trials of single cells by the name of their status. */
  statuses(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const [name, status] of Object.entries(TrialStatus)) {
      counts[name] = this.#samples.flat().reduce((sum, sample) => sum + (sample.statusCounts()[status] ?? 0), 0);
    }
    return counts;
  }

  /** Largest relative standard error of the mean among a job's cells whose mean exists; infinite until it is known. */
  relativeSem(job: number): number {
    const { panel, cells } = this.#plan.jobs[job]!;
    atOnce(this.predict(panel));
    const predictions = this.#predictions.get(panel)!;
    const sems = this.#samples[job]!.filter((_, i) => predictions[cells[i]!]?.kind !== 'no-mean').map((sample) => {
      const { sem, mean } = sample.summary();
      return mean === 0 && sem === 0 ? 0 : sem / mean;
    });
    return sems.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.max(0, ...sems);
  }

  /** How many independent tests all cells together are. */
  independence(): Independence | null {
    return this.#first.independent();
  }

  /** The panels with the fits that they ask for, in steps: those take longer than a glance at a run. */
  *fitted(trialsOf: TrialsOf): Generator<Phase, readonly PanelResult[]> {
    const { panels } = this.#plan.experiment;
    const total = panels.filter(({ fit }) => fit).length;
    const results: PanelResult[] = [];
    let done = 0;
    for (const [i, result] of this.panels().entries()) {
      const panel = panels[i]!;
      if (!panel.fit) {
        results.push(result);
        continue;
      }
      const steps = panelFits(panel, scalingPredictor(panel, this.#regimes), (cell) => trialsOf(panel.name, cell));
      const fits = yield* saying(steps, () => ({ kind: 'phase' as const, phase: 'fits' as const, done, total }));
      results.push({ ...result, fits });
      done++;
    }
    return results;
  }

  /** Works out the theory of every cell of a panel, in steps. */
  *predict(panel: Panel): Generator<Phase, void> {
    const regime = this.#regimes.get(panel.regime)!;
    const predictions = this.#predictions.get(panel) ?? [];
    this.#predictions.set(panel, predictions);
    while (predictions.length < panel.cells.length) {
      predictions.push(regime.theory(panel.cells[predictions.length]!.parameters));
      yield this.#predicted();
    }
  }

  /** How many cells have their theory. */
  #predicted(): Phase {
    const total = this.#plan.experiment.panels.reduce((sum, { cells }) => sum + cells.length, 0);
    const done = [...this.#predictions.values()].reduce((sum, { length }) => sum + length, 0);
    return { kind: 'phase', phase: 'theory', done, total };
  }

  *predictAll(): Generator<Phase, void> {
    for (const panel of this.#plan.experiment.panels) yield* this.predict(panel);
  }

  /** Results so far; theory stands beside those whose theory is worked out. Cells without trials have those of batches under way. */
  panels(early: readonly EarlyPart[] = []): readonly PanelResult[] {
    return this.#plan.experiment.panels.map((panel) => {
      const cells: CellResult[] = [];
      const predictions = this.#predictions.get(panel) ?? [];
      this.#plan.jobs.forEach((job, j) => {
        if (job.panel !== panel) return;
        job.cells.forEach((cell, i) => {
          const prediction = predictions[cell] ?? null;
          const sample = this.#samples[j]![i]!;
          cells[cell] = {
            at: panel.cells[cell]!.at,
            sampler: job.sampler.name,
            ...resultOf((isEmpty(sample) && earlySample(early, j, i)) || sample, prediction),
            ...this.#termsOf(j, i, prediction),
          };
        });
      });
      return { name: panel.name, cells };
    });
  }

  #termsOf(job: number, place: number, prediction: Prediction | null): Pick<CellResult, 'terms'> {
    const samples = this.#terms[job]?.[place];
    if (!samples) return {};
    const { bias, variance, collapse } = samples;
    return {
      terms: {
        bias: resultOf(bias, predictedTerm(prediction, 'bias')),
        variance: resultOf(variance, predictedTerm(prediction, 'variance')),
        collapse: resultOf(collapse, predictedTerm(prediction, 'collapse')),
      },
    };
  }
}

const isEmpty = (sample: CellSample): boolean => sample.statusCounts().every((count) => count === 0);

/** The trials of a cell in a batch under way; null where it has none. */
function earlySample(early: readonly EarlyPart[], job: number, cell: number): CellSample | null {
  const part = early.find((one) => one.job === job);
  if (!part?.known[cell]) return null;
  const { batch } = part;
  const [from, to] = [cell * batch.count, (cell + 1) * batch.count];
  const sample = new CellSample();
  sample.add(batch.errors.subarray(from, to), batch.statuses.subarray(from, to));
  return sample;
}

function resultOf(sample: CellSample, prediction: Prediction | null): BesideTheory {
  const measured = sample.summary();
  const summary = prediction?.kind === 'no-mean' ? withoutMean(measured) : measured;
  const theory = prediction?.kind === 'value' ? { value: prediction.value, source: prediction.source } : null;
  const z = theory && summary.sem > 0 ? (summary.mean - theory.value) / summary.sem : null;
  return { ...summary, theory, z };
}
