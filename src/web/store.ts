import type { Outcome } from '../engine/events.ts';
import type { Experiment, JsonObject, Panel } from '../experiment/experiment.ts';
import { equalJson, readJson5 } from '../experiment/json.ts';
import { parseExperiment } from '../experiment/parse.ts';
import { ExperimentError, type Problem } from '../experiment/problem.ts';
import type { PanelResult, Results } from '../experiment/results.ts';
import { regimes } from '../regimes/index.ts';
import { startedCells } from '../report/figure-data.ts';
import { samplers } from '../samplers/index.ts';
import type { Address } from './address.ts';
import { setField } from './fields.ts';
import { differenceText } from './ghost.ts';
import type { BatchNews, DeviceNews, News, PanelTheory, RidgeNews, TheoryNews } from './messages.ts';
import { namesFor, numbersOf } from './numbers.ts';
import type { Preset } from './presets.ts';
import { printFile } from './print.ts';
import type { SavedRun, Summary } from './saved.ts';

/** Everything the page shows. The functions below make the next state of the one before; none of them does anything else. */
export interface State {
  /** What the experiment is or began as. */
  readonly preset: Preset | null;
  /** The file in the text area, of which the form shows the values. */
  readonly text: string;
  /** What the text says: canonical if it is right; the last one that could be read if it cannot. */
  readonly file: JsonObject;
  readonly readable: boolean;
  readonly problems: readonly Problem[];
  /** Why the address of the page leads nowhere; empty where it does. */
  readonly lost: readonly Problem[];
  /** The last right experiment; it is what the figures show. */
  readonly experiment: Experiment | null;
  /** Of `experiment`; null before the worker has said anything. */
  readonly theory: Theory | null;
  /** What goes behind `#`; empty while it is not known. */
  readonly link: string;
  readonly device: DeviceNews | null;
  /** Of `experiment`; null before it is run. */
  readonly run: Run | null;
  /** Runs of this visit by what they draw, so that nothing is lost by going elsewhere and coming back. */
  readonly runs: ReadonlyMap<string, Run>;
  /** The run before, drawn pale; null where there is none to compare. */
  readonly ghost: Ghost | null;
  /** The best ridges of `experiment`; null before they are looked for. */
  readonly ridges: RidgeSearch | null;
  /** Runs that this browser keeps, the newest first; null where it keeps nothing. */
  readonly history: readonly Summary[] | null;
  /** Whether images are needed, and here. */
  readonly images: Images;
}

export interface Theory {
  readonly panels: readonly PanelTheory[];
  readonly doing: string | null;
  /** Why it broke off. */
  readonly problem: string | null;
}

export interface Run {
  readonly status: 'running' | 'stopping' | 'ended' | 'refused';
  /** What is being done, where no batch says it. */
  readonly phase: string;
  readonly batch: BatchNews | null;
  /** Results so far, by panel. */
  readonly panels: readonly PanelResult[];
  readonly notes: readonly string[];
  /** `left`: the visitor went on to something else. Null until it has ended. */
  readonly outcome: Outcome | 'left' | null;
  /** Why it broke. */
  readonly error: string | null;
  /** Whole, with their manifest; null until they are summed up. */
  readonly results: Results | null;
  /** When these results were kept, where they are of an earlier visit. */
  readonly kept: string | null;
}

/** Results of another experiment beside which those of this one are drawn. */
export interface Ghost {
  readonly experiment: Experiment;
  readonly panels: readonly PanelResult[];
  readonly theory: readonly PanelTheory[];
  /** What was different there. */
  readonly words: string;
}

export interface RidgeSearch extends Omit<RidgeNews, 'kind' | 'status'> {
  readonly status: RidgeNews['status'] | 'stopping';
}

/** `unknown`: it was not looked yet. */
export type Images = 'unknown' | 'absent' | 'here' | { readonly problem: string };

export const EMPTY: State = {
  preset: null,
  text: '',
  file: {},
  readable: false,
  problems: [],
  lost: [],
  experiment: null,
  theory: null,
  link: '',
  device: null,
  run: null,
  runs: new Map(),
  ghost: null,
  ridges: null,
  history: [],
  images: 'unknown',
};

const NEW_RUN: Run = {
  status: 'running',
  phase: 'Starting',
  batch: null,
  panels: [],
  notes: [],
  outcome: null,
  error: null,
  results: null,
  kept: null,
};

export function isRunning({ run, ridges }: State): boolean {
  return [run, ridges].some((one) => one?.status === 'running' || one?.status === 'stopping');
}

export function isSearching({ ridges }: State): boolean {
  return ridges?.status === 'running' || ridges?.status === 'stopping';
}

export function canStop({ run, ridges }: State): boolean {
  return run?.status === 'running' || ridges?.status === 'running';
}

export function canRun(state: State): boolean {
  return state.problems.length === 0 && state.experiment !== null && !isRunning(state) && !lacksImages(state);
}

/** Whether the experiment learns from images that are not in this browser. */
export function lacksImages({ experiment, images }: State): boolean {
  return images !== 'here' && needsImages(experiment);
}

export function needsImages(experiment: Experiment | null): boolean {
  const recipeOf = ({ regime, cells }: Panel) => regimes.get(regime)!.recipe(cells[0]!.parameters);
  return experiment?.panels.some((panel) => 'population' in recipeOf(panel)) ?? false;
}

/** Whether there is a ridge to choose. */
export function hasRidge({ experiment }: State): boolean {
  const [panel] = experiment?.panels ?? [];
  const parameters = panel?.cells[0]?.parameters as { readonly downstream?: object } | undefined;
  if (panel && regimes.get(panel.regime)!.isError?.(parameters) === false) return false;
  const linear = !needsImages(experiment);
  return linear && parameters?.downstream !== undefined && 'ridge' in parameters.downstream;
}

/** Whether any trial is in the results. */
export function hasTrials(run: Pick<Run, 'panels'> | null): boolean {
  return run?.panels.some(({ cells }) => startedCells(cells).length > 0) ?? false;
}

/** Another experiment altogether, or the same one at another time. */
export function opened(state: State, { preset, file }: Address): State {
  const same = preset === state.preset && state.experiment !== null;
  const before = same ? state : { ...state, ghost: null, experiment: null, run: null, runs: remembered(state) };
  return withFile({ ...before, preset, lost: [], text: '', problems: [] }, file);
}

/** The address of the page could not be read. */
export function unreadable(state: State, error: ExperimentError): State {
  const { device, history, images } = state;
  return { ...EMPTY, device, history, images, runs: remembered(state), lost: error.problems };
}

/** A field of the form was set. */
export function edited(state: State, path: string, text: string): State {
  return withFile(state, setField(state.file, path, text));
}

/** The text was changed by hand; it is left as it stands. */
export function typed(state: State, text: string): State {
  try {
    return { ...withFile(state, readJson5(text)), text };
  } catch (error) {
    if (!(error instanceof ExperimentError)) throw error;
    return { ...state, text, readable: false, problems: error.problems };
  }
}

/** The same experiment in other words keeps its curves, and one that draws the same numbers keeps its run. */
function withFile(state: State, file: JsonObject): State {
  const { experiment, problems } = checked(file);
  if (!experiment) return { ...state, file, text: printFile(file), readable: true, problems };
  const next = { ...state, file: experiment.file, text: printFile(experiment.file), readable: true, problems: [] };
  if (state.experiment && equalJson(state.experiment.file, experiment.file)) return next;
  const fresh = { ...next, experiment, theory: null, link: '', ridges: null };
  if (state.experiment && namesFor(experiment.file).includes(numbersOf(state.experiment.file))) return fresh;
  const runs = remembered(state);
  const run = namesFor(experiment.file).flatMap((name) => runs.get(name) ?? [])[0] ?? null;
  return { ...fresh, runs, run, ghost: ghostFor(state, experiment) };
}

function checked(file: JsonObject): { readonly experiment: Experiment | null; readonly problems: readonly Problem[] } {
  try {
    return { experiment: parseExperiment(file, regimes, [...samplers.keys()]), problems: [] };
  } catch (error) {
    if (error instanceof ExperimentError) return { experiment: null, problems: error.problems };
    throw error;
  }
}

/** Runs of one visit that are remembered; those of earlier ones are on disk. */
const MOST_REMEMBERED = 30;

/** The runs with the one that is shown, which has ended if it had not. */
function remembered({ runs, run, experiment }: State): ReadonlyMap<string, Run> {
  if (!experiment || !hasTrials(run)) return runs;
  const name = numbersOf(experiment.file);
  const ended: Run = run!.outcome === null ? { ...run!, status: 'ended', outcome: 'left' } : run!;
  const others = [...runs].filter(([other]) => other !== name).slice(1 - MOST_REMEMBERED);
  return new Map([...others, [name, ended]]);
}

/** The run that is shown if it has any trial, else the one before. */
function ghostFor(state: State, experiment: Experiment): Ghost | null {
  const { run, ghost } = state;
  const shown = hasTrials(run) ? { experiment: state.experiment!, panels: run!.panels } : ghost;
  if (!shown) return null;
  if (namesFor(experiment.file).includes(numbersOf(shown.experiment.file))) return null;
  const theory = hasTrials(run) ? (state.theory?.panels ?? []) : ghost!.theory;
  return { ...shown, theory, words: differenceText(shown.experiment.file, experiment.file) };
}

/** Puts an earlier run beside the experiment that is shown. */
export function compared(state: State, { file, title, when, results }: SavedRun): State {
  const { experiment } = checked(file);
  if (!experiment || !state.experiment) return state;
  const difference = differenceText(experiment.file, state.experiment.file);
  const words = `${title}, ${new Date(when).toLocaleString()}${difference === '' ? '' : `: ${difference}`}`;
  return { ...state, ghost: { experiment, panels: results.panels, theory: [], words } };
}

export function withoutGhost(state: State): State {
  return { ...state, ghost: null };
}

/** What this browser kept of the experiment that is shown; a run of this visit is newer. */
export function recalled(state: State, { results, when }: SavedRun): State {
  if (state.run) return state;
  const { panels } = results;
  return { ...state, run: { ...NEW_RUN, status: 'ended', outcome: 'complete', panels, results, kept: when } };
}

export function started(state: State): State {
  return { ...state, run: { ...NEW_RUN, panels: state.run?.panels ?? [] } };
}

export function searching(state: State): State {
  return { ...state, ridges: { status: 'running', reports: null, batch: null, message: null } };
}

export function stopping(state: State): State {
  const { run, ridges } = state;
  if (ridges?.status === 'running') return { ...state, ridges: { ...ridges, status: 'stopping' } };
  return run?.status === 'running' ? { ...state, run: { ...run, status: 'stopping' } } : state;
}

/** The worker did not hear in time and was ended: what it had told stands. */
export function halted(state: State): State {
  const { run, ridges } = state;
  if (isSearching(state)) {
    const message = ridges!.reports ? 'Stopped: the best ridges below are those of theory alone.' : 'Stopped.';
    return { ...state, ridges: { ...ridges!, status: 'ended', batch: null, message } };
  }
  return run && isRunning(state) ? { ...state, run: { ...run, status: 'ended', outcome: 'stopped' } } : state;
}

export function theoryHeard(state: State, { panels, doing, problem }: TheoryNews): State {
  return { ...state, theory: { panels, doing, problem } };
}

/** What the worker said. */
export function heard(state: State, news: News): State {
  switch (news.kind) {
    case 'device':
      return { ...state, device: news };
    case 'ridges':
      return state.ridges ? { ...state, ridges: ridgesHeard(state.ridges, news) } : state;
    default:
      if (news.kind === 'refused' && isSearching(state)) {
        return { ...state, ridges: { ...state.ridges!, status: 'refused', message: news.message } };
      }
      return state.run ? { ...state, run: runHeard(state.run, news) } : state;
  }
}

function ridgesHeard(before: RidgeSearch, { status, reports, batch, message }: RidgeNews): RidgeSearch {
  const stays = before.status === 'stopping' && status === 'running';
  return { status: stays ? 'stopping' : status, reports: reports ?? before.reports, batch, message };
}

function runHeard(run: Run, news: Exclude<News, { readonly kind: 'device' | 'ridges' }>): Run {
  switch (news.kind) {
    case 'phase':
      return { ...run, phase: news.text };
    case 'batch':
      return { ...run, phase: '', batch: news, panels: news.panels ?? run.panels };
    case 'note':
      return { ...run, notes: [...run.notes, news.text] };
    case 'entry':
      return run;
    case 'end': {
      const { outcome, error, results } = news;
      return { ...run, status: 'ended', outcome, error, results, panels: results.panels };
    }
    case 'refused':
      return { ...run, status: 'refused', notes: [...run.notes, news.message] };
    default:
      return news satisfies never;
  }
}
