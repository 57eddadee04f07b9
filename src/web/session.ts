import type { JournalEntry } from '../engine/journal.ts';
import { ExperimentError } from '../experiment/problem.ts';
import { linkOf, readAddress } from './address.ts';
import { Engine } from './engine.ts';
import { installImages, lookForImages } from './image-files.ts';
import type { Told } from './messages.ts';
import { namesFor, numbersOf } from './numbers.ts';
import { presets } from './presets.ts';
import { NothingKept, Saved, type SavedRun } from './saved.ts';
import {
  canRun,
  compared,
  EMPTY,
  edited,
  halted,
  hasTrials,
  heard,
  isRunning,
  needsImages,
  opened,
  recalled,
  type State,
  searching,
  started,
  stopping,
  theoryHeard,
  typed,
  unreadable,
  withoutGhost,
} from './store.ts';
import { TheoryHelper } from './theory-helper.ts';
import { extentText } from './words.ts';

/** What a visitor can do. */
export interface Actions {
  /** `passing`: one of many, as a slider gives them on its way, which Back leaves out. */
  edit(path: string, text: string, passing?: boolean): void;
  type(text: string): void;
  /** What was changed on the way is meant: a step that Back undoes. */
  settle(): void;
  run(): void;
  /** Looks for the best ridge. */
  findRidge(): void;
  /** Finishes the batch under way, or does without it. */
  stop(): void;
  /** Back to the preset as it comes. */
  reset(): void;
  /** Takes the pale run away. */
  hideGhost(): void;
  /** Draws an earlier run pale beside this one. */
  compare(key: string): void;
  /** Forgets an earlier run. */
  forget(key: string): void;
  /** Takes images from files of the visitor's. */
  takeImages(files: readonly File[]): void;
}

/** Milliseconds in which a stop must show. */
const PATIENCE = 700;

/** Batches that the page keeps so that a run can go on, in numbers: 64 MiB of errors. */
const MOST_KEPT = 8 * 2 ** 20;

/** Holds the state of the page, its workers, its memory and its address. */
export class Session implements Actions {
  #state: State = EMPTY;
  readonly #engine: Engine;
  readonly #theory: TheoryHelper;
  readonly #saved = new Saved();
  readonly #show: (state: State) => void;
  #past: readonly JournalEntry[] = [];

  constructor(show: (state: State) => void) {
    this.#show = show;
    this.#engine = new Engine((told) => this.#hear(told));
    this.#theory = new TheoryHelper((news) => this.#next(theoryHeard(this.#state, news)));
    addEventListener('popstate', () => void this.open());
    void this.#list();
  }

  /** Shows what the address says. */
  async open(): Promise<void> {
    const { hash } = location;
    this.#leave();
    try {
      const address = await readAddress(hash, presets);
      if (location.hash !== hash) return;
      if (address.preset !== this.#state.preset) scrollTo(0, 0);
      this.#next(opened(this.#state, address));
      void this.#putDown('replace');
    } catch (error) {
      if (!(error instanceof ExperimentError)) throw error;
      this.#next(unreadable(this.#state, error));
    }
  }

  edit(path: string, text: string, passing = false): void {
    this.#change(edited(this.#state, path, text), passing);
  }

  type(text: string): void {
    this.#change(typed(this.#state, text), true);
  }

  settle(): void {
    void this.#putDown('push');
  }

  run(): void {
    if (!canRun(this.#state)) return;
    this.#next(started(this.#state));
    this.#engine.run(this.#state.experiment!.file, this.#past);
  }

  findRidge(): void {
    if (!canRun(this.#state)) return;
    this.#next(searching(this.#state));
    this.#engine.findRidge(this.#state.experiment!.file);
  }

  stop(): void {
    if (!isRunning(this.#state)) return;
    this.#next(stopping(this.#state));
    this.#engine.stop();
    setTimeout(() => this.#insist(), PATIENCE);
  }

  /** Whoever is in the midst of a long batch or sum has not heard of the stop. */
  #insist(): void {
    const { run, ridges, experiment } = this.#state;
    if (run?.status !== 'stopping' && ridges?.status !== 'stopping') return;
    this.#engine.leave();
    this.#next(halted(this.#state));
    if (run?.status === 'stopping' && hasTrials(run)) this.#engine.sumUp(experiment!.file, this.#past);
  }

  reset(): void {
    const { preset } = this.#state;
    if (preset) this.#change(opened(this.#state, { preset, file: preset.file }), false);
  }

  hideGhost(): void {
    this.#next(withoutGhost(this.#state));
  }

  compare(key: string): void {
    void this.#kept(async () => {
      const run = await this.#saved.run(key);
      if (run) this.#next(compared(this.#state, run));
    });
  }

  forget(key: string): void {
    void this.#kept(async () => {
      await this.#saved.remove(key);
      await this.#list();
    });
  }

  takeImages(files: readonly File[]): void {
    void installImages(files, this.#saved).then((images) => this.#next({ ...this.#state, images }));
  }

  /** An edit ends what is under way: it was about something else. */
  #change(state: State, passing: boolean): void {
    const another = state.experiment !== this.#state.experiment;
    const keeps = state.run !== null && state.run === this.#state.run;
    if (another && !keeps) this.#leave();
    this.#next(state);
    if (!passing) this.settle();
  }

  #leave(): void {
    this.#engine.leave(isRunning(this.#state));
  }

  #next(state: State): void {
    const before = this.#state;
    this.#state = state;
    if (state.experiment && state.experiment !== before.experiment) this.#newExperiment(state);
    this.#show(this.#state);
  }

  #newExperiment({ experiment, preset }: State): void {
    this.#theory.work(experiment!.file);
    if (!this.#state.run) this.#recall(experiment!.file);
    if (needsImages(experiment))
      void lookForImages(this.#saved).then((images) => this.#next({ ...this.#state, images }));
    void linkOf(experiment!.file, preset).then((link) => {
      if (this.#state.experiment === experiment) this.#next({ ...this.#state, link });
    });
  }

  /** Puts the experiment into the address. */
  async #putDown(step: 'push' | 'replace'): Promise<void> {
    const { experiment, preset } = this.#state;
    if (!experiment) return;
    const hash = `#${await linkOf(experiment.file, preset)}`;
    if (this.#state.experiment !== experiment || location.hash === hash) return;
    if (step === 'push') history.pushState(null, '', hash);
    else history.replaceState(null, '', hash);
  }

  #hear({ news }: Told): void {
    if (news.kind === 'entry') {
      this.#past = withinBounds([...this.#past, news.entry]);
      return;
    }
    this.#next(heard(this.#state, news));
    if (news.kind === 'end' && hasTrials(this.#state.run)) this.#keep(this.#state, news.jobs);
  }

  #keep({ experiment, link, run }: State, jobs: readonly string[]): void {
    const { file, title } = experiment!;
    const { results } = run!;
    const record: SavedRun = {
      key: numbersOf(file),
      when: new Date().toISOString(),
      title,
      link,
      extent: extentText(results!.panels),
      file,
      results: results!,
      jobs,
    };
    void this.#kept(async () => {
      await this.#saved.keep(record);
      await this.#list();
    });
  }

  /** What was drawn on an earlier visit. */
  #recall(file: State['file']): void {
    void this.#kept(async () => {
      for (const name of namesFor(file)) {
        const run = await this.#saved.run(name);
        if (run && this.#state.file === file) return this.#next(recalled(this.#state, run));
      }
    });
  }

  async #list(): Promise<void> {
    await this.#kept(async () => {
      const history = await this.#saved.list();
      this.#next({ ...this.#state, history });
    });
  }

  /** A browser that keeps nothing is no reason to fail; the page says so. */
  async #kept(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof NothingKept)) throw error;
      this.#next({ ...this.#state, history: null });
    }
  }
}

/** Without the oldest batches, once they are too many. */
function withinBounds(entries: readonly JournalEntry[]): readonly JournalEntry[] {
  let size = entries.reduce((sum, { batch }) => sum + batch.errors.length, 0);
  let first = 0;
  for (; size > MOST_KEPT && first < entries.length - 1; first++) size -= entries[first]!.batch.errors.length;
  return entries.slice(first);
}
