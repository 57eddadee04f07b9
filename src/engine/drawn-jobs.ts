import type { Experiment } from '../experiment/experiment.ts';
import type { Results } from '../experiment/results.ts';
import { groupByDraws, recipeOf } from '../plan/jobs.ts';
import type { Regime } from '../regimes/regime.ts';
import { TERM_RECIPES } from '../regimes/terms.ts';
import type { SamplerJob } from '../samplers/sampler.ts';
import { jobKey } from './journal.ts';

/** A job that results were drawn in. */
export interface DrawnJob {
  /** Name of the job in the journal. */
  readonly key: string;
  readonly panel: string;
  readonly sampler: string;
  /** What its sampler draws: the recipes of its cells. */
  readonly job: SamplerJob;
  /** Indices into the panel's cells. */
  readonly cells: readonly number[];
  /** Errors of a trial in the journal, those of the cells first. */
  readonly recipes: number;
}

/**
 * The jobs of a run, from its results alone: samplers and their versions are those that the results name, so nothing is planned again, and no
 * device is asked.
 */
export function drawnJobs(
  { panels }: Experiment,
  { panels: results, manifest }: Results,
  regimes: ReadonlyMap<string, Regime>,
): readonly DrawnJob[] {
  const precision = manifest.adapter === null ? 'f64' : 'f32';
  return panels.flatMap((panel, p) => {
    const regime = regimes.get(panel.regime)!;
    const recipes = panel.cells.map((cell) => recipeOf(regime, cell));
    return groupByDraws(recipes).map((cells) => {
      const { sampler: name } = results[p]!.cells[cells[0]!]!;
      const sampler = { name, version: manifest.samplers[name]! };
      const job = { seed: panel.seed, recipes: cells.map((cell) => recipes[cell]!) };
      const key = jobKey({ panel, cells, sampler, job }, precision);
      return {
        key,
        panel: panel.name,
        sampler: name,
        job,
        cells,
        recipes: cells.length * (panel.y ? TERM_RECIPES : 1),
      };
    });
  });
}
