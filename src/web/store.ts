import type { Experiment, JsonObject } from '../experiment/experiment.ts';
import { equalJson, readJson5 } from '../experiment/json.ts';
import { parseExperiment } from '../experiment/parse.ts';
import { ExperimentError, type Problem } from '../experiment/problem.ts';
import type { PanelResult } from '../experiment/results.ts';
import { regimes } from '../regimes/index.ts';
import type { TheoryPoint } from '../report/theory-curve.ts';
import { samplers } from '../samplers/index.ts';
import type { Address } from './address.ts';
import { setField } from './fields.ts';
import type { BatchNews, DeviceNews, EndNews, News, RidgeNews } from './messages.ts';
import type { Preset } from './presets.ts';
import { printFile } from './print.ts';

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
  /** The last right experiment; it is what the figures show. */
  readonly experiment: Experiment | null;
  /** Of `experiment`, by panel; null while the worker is at it. */
  readonly curves: readonly (readonly TheoryPoint[])[] | null;
  /** Why there are no curves, where the theory broke off. */
  readonly theoryProblem: string | null;
  /** What goes behind `#`; empty while it is not known. */
  readonly link: string;
  readonly device: DeviceNews | null;
  /** Of `experiment`; null before it is run. */
  readonly run: Run | null;
  /** The best ridges of `experiment`; null before they are looked for. */
  readonly ridges: RidgeSearch | null;
}

export interface Run {
  readonly status: 'running' | 'stopping' | 'ended' | 'refused';
  readonly batch: BatchNews | null;
  /** Results so far, by panel. */
  readonly panels: readonly PanelResult[];
  readonly notes: readonly string[];
  readonly end: EndNews | null;
}

export interface RidgeSearch extends Omit<RidgeNews, 'kind' | 'status'> {
  readonly status: RidgeNews['status'] | 'stopping';
}

export const EMPTY: State = {
  preset: null,
  text: '',
  file: {},
  readable: false,
  problems: [],
  experiment: null,
  curves: null,
  theoryProblem: null,
  link: '',
  device: null,
  run: null,
  ridges: null,
};

const NEW_RUN: Run = { status: 'running', batch: null, panels: [], notes: [], end: null };

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
  return state.problems.length === 0 && state.experiment !== null && !isRunning(state);
}

/** Another experiment altogether. */
export function opened(state: State, { preset, file }: Address): State {
  return withFile({ ...EMPTY, device: state.device, preset }, file);
}

/** The address of the page could not be read. */
export function unreadable(state: State, error: ExperimentError): State {
  return { ...EMPTY, device: state.device, problems: error.problems };
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

/** The same experiment in other words keeps its run and its curves. */
function withFile(state: State, file: JsonObject): State {
  const { experiment, problems } = checked(file);
  if (!experiment) return { ...state, file, text: printFile(file), readable: true, problems };
  const next = { ...state, file: experiment.file, text: printFile(experiment.file), readable: true, problems: [] };
  if (state.experiment && equalJson(state.experiment.file, experiment.file)) return next;
  return { ...next, experiment, curves: null, theoryProblem: null, link: '', run: null, ridges: null };
}

function checked(file: JsonObject): { readonly experiment: Experiment | null; readonly problems: readonly Problem[] } {
  try {
    return { experiment: parseExperiment(file, regimes, [...samplers.keys()]), problems: [] };
  } catch (error) {
    if (error instanceof ExperimentError) return { experiment: null, problems: error.problems };
    throw error;
  }
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
  return run ? { ...state, run: { ...run, status: 'stopping' } } : state;
}

/** What the worker said; `theoryId` is the number of the last theory asked for, older ones come too late. */
export function heard(state: State, news: News, theoryId: number): State {
  switch (news.kind) {
    case 'device':
      return { ...state, device: news };
    case 'theory':
      return news.id === theoryId ? { ...state, curves: news.curves, theoryProblem: news.problem } : state;
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

function runHeard(run: Run, news: Exclude<News, { readonly kind: 'device' | 'theory' | 'ridges' }>): Run {
  switch (news.kind) {
    case 'batch':
      return { ...run, batch: news, panels: news.panels ?? run.panels };
    case 'note':
      return { ...run, notes: [...run.notes, news.text] };
    case 'end':
      return { ...run, status: 'ended', end: news, panels: news.results.panels };
    case 'refused':
      return { ...run, status: 'refused', notes: [...run.notes, news.message] };
    default:
      return news satisfies never;
  }
}
