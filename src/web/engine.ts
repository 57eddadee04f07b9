import type { JournalEntry } from '../engine/journal.ts';
import type { JsonObject } from '../experiment/experiment.ts';
import type { Order, Told } from './messages.ts';

/** The worker that draws, and that there is always one. */
export class Engine {
  readonly #hear: (told: Told) => void;
  #worker: Worker;
  /** Of the last order; news of earlier ones come too late. */
  #id = 0;

  constructor(hear: (told: Told) => void) {
    this.#hear = hear;
    this.#worker = this.#hire();
  }

  run(file: JsonObject, past: readonly JournalEntry[]): void {
    this.#tell({ kind: 'run', id: ++this.#id, file, past, halt: false });
  }

  /** Sums up what there is, and draws nothing. */
  sumUp(file: JsonObject, past: readonly JournalEntry[]): void {
    this.#tell({ kind: 'run', id: ++this.#id, file, past, halt: true });
  }

  findRidge(file: JsonObject): void {
    this.#tell({ kind: 'ridges', id: ++this.#id, file });
  }

  /** Finishes the batch under way. */
  stop(): void {
    this.#tell({ kind: 'stop' });
  }

  /** Hears no more of what is under way, and ends it at once. */
  leave(busy = true): void {
    this.#id += 1;
    if (!busy) return;
    this.#worker.terminate();
    this.#worker = this.#hire();
  }

  #hire(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<Told>) => {
      if (data.id === 0 || data.id === this.#id) this.#hear(data);
    };
    worker.onerror = ({ message }) => {
      this.#hear({ id: this.#id, news: { kind: 'refused', message: `The engine stopped: ${message}` } });
    };
    return worker;
  }

  #tell(order: Order): void {
    this.#worker.postMessage(order);
  }
}
