import { ExperimentError } from '../experiment/problem.ts';
import { linkOf, readAddress } from './address.ts';
import type { News, Order } from './messages.ts';
import { presets } from './presets.ts';
import {
  canRun,
  EMPTY,
  edited,
  heard,
  isRunning,
  opened,
  type State,
  searching,
  started,
  stopping,
  typed,
  unreadable,
} from './store.ts';

/** What a visitor can do. */
export interface Actions {
  edit(path: string, text: string): void;
  type(text: string): void;
  run(): void;
  /** Looks for the best ridge. */
  findRidge(): void;
  /** Finishes the batch under way. */
  stop(): void;
  /** Back to the preset as it comes. */
  reset(): void;
}

/** Holds the state of the page, its worker, and its address. */
export class Session implements Actions {
  #state: State = EMPTY;
  #worker: Worker;
  #theoryId = 0;
  readonly #show: (state: State) => void;

  constructor(show: (state: State) => void) {
    this.#show = show;
    this.#worker = this.#hire();
    addEventListener('hashchange', () => void this.open());
  }

  /** Shows what the address says. */
  async open(): Promise<void> {
    const { hash } = location;
    if (isRunning(this.#state)) this.#dismiss();
    try {
      const address = await readAddress(hash, presets);
      if (location.hash === hash) this.#next(opened(this.#state, address));
    } catch (error) {
      if (!(error instanceof ExperimentError)) throw error;
      this.#next(unreadable(this.#state, error));
    }
  }

  edit(path: string, text: string): void {
    this.#next(edited(this.#state, path, text));
  }

  type(text: string): void {
    this.#next(typed(this.#state, text));
  }

  run(): void {
    if (!canRun(this.#state)) return;
    this.#next(started(this.#state));
    this.#tell({ kind: 'run', file: this.#state.experiment!.file });
  }

  findRidge(): void {
    if (!canRun(this.#state)) return;
    this.#next(searching(this.#state));
    this.#tell({ kind: 'ridges', file: this.#state.experiment!.file });
  }

  stop(): void {
    this.#next(stopping(this.#state));
    this.#tell({ kind: 'stop' });
  }

  reset(): void {
    const { preset } = this.#state;
    if (preset) this.#next(opened(this.#state, { preset, file: preset.file }));
  }

  #next(state: State): void {
    const before = this.#state;
    this.#state = state;
    if (state.experiment && state.experiment !== before.experiment) this.#newExperiment(state);
    this.#show(this.#state);
  }

  #newExperiment({ experiment, preset }: State): void {
    this.#theoryId += 1;
    this.#tell({ kind: 'theory', file: experiment!.file, id: this.#theoryId });
    void linkOf(experiment!.file, preset).then((link) => {
      if (this.#state.experiment !== experiment) return;
      history.replaceState(null, '', `#${link}`);
      this.#next({ ...this.#state, link });
    });
  }

  #hire(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<News>) => this.#next(heard(this.#state, data, this.#theoryId));
    worker.onerror = ({ message }) =>
      this.#next(heard(this.#state, { kind: 'refused', message: `The engine stopped: ${message}` }, this.#theoryId));
    return worker;
  }

  /** A run that nobody waits for any more ends with its worker. */
  #dismiss(): void {
    this.#worker.terminate();
    this.#worker = this.#hire();
  }

  #tell(order: Order): void {
    this.#worker.postMessage(order);
  }
}
