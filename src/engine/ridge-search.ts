import type { Experiment, JsonObject } from '../experiment/experiment.ts';
import type { Regime } from '../regimes/regime.ts';
import { type RidgeTheory, ridgeTheories, type Setting, settingsOf } from '../regimes/ridge-choices.ts';
import type { RunOutcome } from './events.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { type RidgeReport, reportOf } from './ridge-report.ts';
import { type BestRidge, RidgeTrials } from './ridge-trials.ts';

/** Runs an experiment to its end and tells the journal of every batch; rejects if it cannot. */
export type RunExperiment = (file: JsonObject, journal: Journal) => Promise<RunOutcome>;

/** Points of the lattice of ridges: `steps` to a decade, `count` to either side of the middle of a grid. */
interface Grid {
  readonly steps: number;
  readonly count: number;
  /** How often a grid is carried on beyond an end that cuts off the interval of the least mean. */
  readonly moves: number;
}

/** Two decades to either side. */
const WIDE: Grid = { steps: 3, count: 6, moves: 3 };

/** A factor two to either side in steps of 12 %, across which a parabola is good to a fraction of a percent. */
const NARROW: Grid = { steps: 20, count: 6, moves: 3 };

/** Share of the trials that look for the valley, and the least number. */
const SCOUTS = { share: 0.2, least: 40 } as const;

/** Ridges that f32 can hold with room to spare; others are not simulated. */
const isDrawable = (ridge: number) => ridge === 0 || (ridge > 1e-30 && ridge < 1e30);

/** One setting, and what it is known for. */
interface Search {
  readonly setting: Setting;
  readonly theory: RidgeTheory;
}

/** What theory alone says of every setting of an experiment. Throws `ExperimentError` where there is no ridge to choose. */
export function theoreticalRidges(
  experiment: Experiment,
  regimes: ReadonlyMap<string, Regime>,
): readonly RidgeReport[] {
  return searchesOf(experiment, regimes).map(({ setting, theory }) => reportOf(setting, theory, null));
}

/**
 * The best ridge of every setting by theory and by simulation: a wide grid with few trials, then a narrow one about its lowest
 * point together with the ridges that theory and rules would choose, on the same trials: those of one setting share their
 * draws (docs/samplers.md), whatever the grid. Theory's part is handed over before any trial.
 */
export async function searchRidges(
  experiment: Experiment,
  regimes: ReadonlyMap<string, Regime>,
  run: RunExperiment,
  onTheory: (reports: readonly RidgeReport[]) => void = () => {},
): Promise<readonly RidgeReport[]> {
  const all = searchesOf(experiment, regimes);
  onTheory(all.map(({ setting, theory }) => reportOf(setting, theory, null)));
  const searches = [...new Map(all.map((search) => [identity(search), search])).values()];
  const scouts = searches.map(({ setting, theory }) => {
    const trials = Math.max(SCOUTS.least, Math.ceil(SCOUTS.share * setting.panel.trials));
    return new Valley(setting, WIDE, beginning(theory), Math.min(trials, setting.panel.trials));
  });
  await explore(experiment, scouts, run);
  const valleys = searches.map(({ setting, theory }, i) => {
    const { best } = scouts[i]!;
    // Where the wide grid found no bottom a narrow one will find none either, however often it is carried on.
    const grid = best?.cut.low || best?.cut.high ? { ...NARROW, moves: 0 } : NARROW;
    const also = alsoDrawn(theory, best?.cut.low ?? false);
    return new Valley(setting, grid, best?.ridge ?? beginning(theory), setting.panel.trials, also);
  });
  await explore(experiment, valleys, run);
  const found = new Map(searches.map((search, i) => [identity(search), valleys[i]!]));
  return all.map((search) => reportOf(search.setting, search.theory, found.get(identity(search))!));
}

function searchesOf(experiment: Experiment, regimes: ReadonlyMap<string, Regime>): readonly Search[] {
  const settings = experiment.panels.flatMap((panel) => settingsOf(panel, regimes));
  const theories = ridgeTheories(settings, regimes);
  return settings.map((setting, i) => ({ setting, theory: theories[i]! }));
}

/** Settings of two panels may be the same problem, which is drawn once. */
function identity({ setting: { panel, withRidge } }: Search): string {
  return JSON.stringify([panel.regime, panel.seed, panel.trials, panel.sampler, withRidge(0)]);
}

/** A ridge to begin with: where theory or the rule has its optimum, if that is one. */
function beginning({ theory, rule }: RidgeTheory): number {
  const known = [theory, rule].flatMap((choice) => ('ridge' in choice ? [choice.ridge] : []));
  return known.find((ridge) => ridge > 0 && isDrawable(ridge)) ?? 1e-2;
}

/** The choices that can be drawn and have a mean, and 0 where the error falls towards it. */
function alsoDrawn({ theory, rule, clean, errorAt }: RidgeTheory, falls: boolean): readonly number[] {
  const ridges = [theory, rule, clean].flatMap((choice) => ('ridge' in choice ? [choice.ridge] : []));
  return [...new Set([...ridges, ...(falls ? [0] : [])])].filter(
    (ridge) => isDrawable(ridge) && errorAt(ridge) !== Number.POSITIVE_INFINITY,
  );
}

/** One setting's grid, which grows until its least mean is inside, and the interval of where that is. */
class Valley {
  readonly setting: Setting;
  readonly count: number;
  readonly trials: RidgeTrials;
  best: BestRidge | null = null;
  readonly #grid: Grid;
  /** Neighbours on the lattice, ascending. */
  #lattice: readonly number[];
  /** Ridges to be drawn next; none where nothing is left to do. */
  #wanted: readonly number[];
  #moves = 0;

  constructor(setting: Setting, grid: Grid, middle: number, count: number, also: readonly number[] = []) {
    this.setting = setting;
    this.count = count;
    this.#grid = grid;
    this.trials = new RidgeTrials(grid.steps, setting.panel.seed);
    this.#lattice = this.trials.about(middle, grid.count);
    this.#wanted = [...new Set([...this.#lattice, ...also])];
  }

  wanted(): readonly number[] {
    return this.#wanted;
  }

  /** To be called once the wanted ridges are in `trials`. */
  settle(): void {
    this.best = this.trials.best(this.#lattice);
    this.#wanted = [];
    if (!this.best || this.#moves++ >= this.#grid.moves) return;
    const { low, high } = this.best.cut;
    const ends = [...(low ? [this.#lattice[0]!] : []), ...(high ? [this.#lattice.at(-1)!] : [])];
    const further = ends.flatMap((end) => this.trials.about(end, this.#grid.count)).filter(isDrawable);
    this.#wanted = further.filter((ridge) => !this.#lattice.includes(ridge));
    this.#lattice = [...new Set([...this.#lattice, ...further])].sort((a, b) => a - b);
  }
}

/** Draws what valleys want, all together, until they want nothing. */
async function explore(experiment: Experiment, valleys: readonly Valley[], run: RunExperiment): Promise<void> {
  for (;;) {
    const open = valleys.filter((valley) => valley.wanted().length > 0);
    if (open.length === 0) return;
    await draw(experiment, open, run);
    for (const valley of open) valley.settle();
  }
}

const PATH = 'downstream.ridge';

/** One panel for each valley, with the ridges it wants. */
async function draw({ name }: Experiment, valleys: readonly Valley[], run: RunExperiment): Promise<void> {
  const panels = valleys.map(({ setting: { panel, withRidge }, count }, i): JsonObject => {
    const { regime, seed, sampler } = panel;
    const parameters = withRidge(0) as { downstream: JsonObject } & JsonObject;
    const downstream = { ...parameters.downstream, ridge: valleys[i]!.wanted() };
    return { ...parameters, name: `setting-${i}`, regime, seed, sampler, trials: count, downstream };
  });
  const entries: JournalEntry[] = [];
  const { jobs } = await run({ name, panels }, { past: [], append: (entry) => entries.push(entry) });
  for (const { key, panel, cells } of jobs) {
    const valley = valleys[Number(panel.slice('setting-'.length))]!;
    const batches = entries.filter(({ job }) => job === key).map(({ batch }) => batch);
    cells.forEach((at, cell) => {
      const errors = new Float64Array(valley.count);
      const statuses = new Uint8Array(valley.count);
      for (const batch of batches) {
        const part = [cell * batch.count, (cell + 1) * batch.count] as const;
        errors.set(batch.errors.subarray(...part), batch.first);
        statuses.set(batch.statuses.subarray(...part), batch.first);
      }
      valley.trials.add(at[PATH] ?? valley.wanted()[0]!, { errors, statuses });
    });
  }
}
