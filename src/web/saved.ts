import type { JournalEntry } from '../engine/journal.ts';
import type { JsonObject } from '../experiment/experiment.ts';
import type { Results } from '../experiment/results.ts';

/** What a list of earlier runs shows. */
export interface Summary {
  /** What was drawn (`numbersOf`): one run of each is kept, the last. */
  readonly key: string;
  /** ISO 8601. */
  readonly when: string;
  readonly title: string;
  /** Goes behind `#`. */
  readonly link: string;
  /** `1,000 trials, 88 cells`. */
  readonly extent: string;
}

export interface SavedRun extends Summary {
  readonly file: JsonObject;
  readonly results: Results;
  /** Names of the jobs whose batches it was summed up from. */
  readonly jobs: readonly string[];
}

/** What is kept of a job besides its batches. */
interface KeptJob {
  readonly job: string;
  /** ISO 8601, of the last run. */
  readonly when: string;
  /** Errors in its batches. */
  readonly numbers: number;
}

/** More are not kept: the oldest go. */
const MOST_RUNS = 200;

/** Errors in all batches that are kept, 128 MiB: those of the jobs that ran longest ago go first. */
const MOST_NUMBERS = 2 ** 24;

const NAME = 'collapse-lab';

/** This browser keeps nothing of the page, or no more. */
export class NothingKept extends Error {
  override readonly name = 'NothingKept';
}

/** What this browser keeps of the page: runs, the batches to go on from, and images. Rejects with `NothingKept` where the browser does not, for instance in a private window. */
export class Saved {
  #open: Promise<IDBDatabase> | null = null;

  /** The newest first. */
  async list(): Promise<readonly Summary[]> {
    const summaries = await this.#ask<Summary[]>('summaries', 'readonly', (store) => store.getAll());
    return summaries.sort((a, b) => b.when.localeCompare(a.when));
  }

  async run(key: string): Promise<SavedRun | null> {
    return (await this.#ask<SavedRun | undefined>('runs', 'readonly', (store) => store.get(key))) ?? null;
  }

  async keep(run: SavedRun): Promise<void> {
    const { file: _, results: __, jobs: ___, ...summary } = run;
    await this.#ask('runs', 'readwrite', (store) => store.put(run));
    await this.#ask('summaries', 'readwrite', (store) => store.put(summary));
    for (const { key } of (await this.list()).slice(MOST_RUNS)) await this.remove(key);
  }

  /** The run and its batches. */
  async remove(key: string): Promise<void> {
    for (const job of (await this.run(key))?.jobs ?? []) await this.#removeBatches(job);
    await this.#ask('summaries', 'readwrite', (store) => store.delete(key));
    await this.#ask('runs', 'readwrite', (store) => store.delete(key));
  }

  /** The batches of these jobs, in any order. */
  async batches(jobs: readonly string[]): Promise<readonly JournalEntry[]> {
    const found = await Promise.all(
      jobs.map((job) => this.#ask<JournalEntry[]>('batches', 'readonly', (store) => store.getAll(batchesOf(job)))),
    );
    return found.flat();
  }

  async keepBatch(entry: JournalEntry): Promise<void> {
    await this.#ask('batches', 'readwrite', (store) => store.put(entry));
  }

  /** Says that these jobs are or were at work, and forgets the batches of those that ran longest ago where there are too many. */
  async keepJobs(jobs: readonly string[], when = new Date().toISOString()): Promise<void> {
    for (const job of jobs) {
      const numbers = (await this.batches([job])).reduce((sum, { batch }) => sum + batch.errors.length, 0);
      await this.#ask('jobs', 'readwrite', (store) => store.put({ job, when, numbers } satisfies KeptJob));
    }
    const all = await this.#ask<KeptJob[]>('jobs', 'readonly', (store) => store.getAll());
    let sum = 0;
    for (const { job, numbers } of all.sort((a, b) => b.when.localeCompare(a.when))) {
      sum += numbers;
      if (sum > MOST_NUMBERS) await this.#removeBatches(job);
    }
  }

  async #removeBatches(job: string): Promise<void> {
    await this.#ask('batches', 'readwrite', (store) => store.delete(batchesOf(job)));
    await this.#ask('jobs', 'readwrite', (store) => store.delete(job));
  }

  async bytes(name: string): Promise<Uint8Array | null> {
    return (await this.#ask<Uint8Array | undefined>('files', 'readonly', (store) => store.get(name))) ?? null;
  }

  async keepBytes(name: string, bytes: Uint8Array): Promise<void> {
    await this.#ask('files', 'readwrite', (store) => store.put(bytes, name));
  }

  async #ask<T>(name: string, mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest): Promise<T> {
    this.#open ??= open();
    const transaction = begun(await this.#open, name, mode);
    const request = act(transaction.objectStore(name));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result as T);
      transaction.onabort = () => reject(new NothingKept('The browser keeps no more.', { cause: transaction.error }));
    });
  }
}

/** All keys [job, first, count] of a job. */
const batchesOf = (job: string): IDBKeyRange => IDBKeyRange.bound([job], [job, []]);

/** Not where another tab with a later page has closed the store. */
function begun(store: IDBDatabase, name: string, mode: IDBTransactionMode): IDBTransaction {
  try {
    return store.transaction(name, mode);
  } catch (cause) {
    throw new NothingKept('The browser keeps no more.', { cause });
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    if (!('indexedDB' in globalThis)) return reject(new NothingKept('The browser keeps nothing.'));
    const request = indexedDB.open(NAME, 2);
    request.onupgradeneeded = ({ oldVersion }) => {
      if (oldVersion < 1) {
        request.result.createObjectStore('summaries', { keyPath: 'key' });
        request.result.createObjectStore('runs', { keyPath: 'key' });
        request.result.createObjectStore('files');
      }
      request.result.createObjectStore('batches', { keyPath: ['job', 'batch.first', 'batch.count'] });
      request.result.createObjectStore('jobs', { keyPath: 'job' });
    };
    request.onsuccess = () => {
      // Another tab with a later version of the page must not wait for this one.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(new NothingKept('The browser keeps nothing.', { cause: request.error }));
  });
}
