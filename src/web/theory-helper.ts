import type { JsonObject } from '../experiment/experiment.ts';
import type { TheoryNews, TheoryOrder } from './messages.ts';

/** Milliseconds in which a worker that is at something else must hear of a new order. */
const PATIENCE = 150;

/** The worker of the theory. A new order ends the one before, if need be with its thread. */
export class TheoryHelper {
  readonly #hear: (news: TheoryNews) => void;
  #worker: Worker;
  #id = 0;
  /** The last order that the worker has spoken of, and whether it has finished it. */
  #heard = { id: 0, done: true };

  constructor(hear: (news: TheoryNews) => void) {
    this.#hear = hear;
    this.#worker = this.#hire();
  }

  work(file: JsonObject): void {
    const order: TheoryOrder = { id: ++this.#id, file };
    this.#worker.postMessage(order);
    if (!this.#heard.done) setTimeout(() => this.#insist(order), PATIENCE);
    this.#heard = { ...this.#heard, done: false };
  }

  /** The thread is in the midst of a long sum about something else. */
  #insist(order: TheoryOrder): void {
    if (order.id !== this.#id || this.#heard.id === order.id) return;
    this.#worker.terminate();
    this.#worker = this.#hire();
    this.#worker.postMessage(order);
  }

  #hire(): Worker {
    const worker = new Worker(new URL('./theory-worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<TheoryNews>) => {
      if (data.id !== this.#id) return;
      this.#heard = { id: data.id, done: data.doing === null };
      this.#hear(data);
    };
    worker.onerror = ({ message }) => this.#hear({ id: this.#id, panels: [], doing: null, problem: message });
    return worker;
  }
}
