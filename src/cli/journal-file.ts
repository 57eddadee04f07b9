import { closeSync, fdatasync, fdatasyncSync, ftruncateSync, openSync, readdirSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Outcome } from '../engine/events.ts';
import { faultOf, type Journal, type JournalEntry, type Maker, rangeOf } from '../engine/journal.ts';
import { CliError, Exit } from './exit.ts';
import { decodedAt, readLines } from './ndjson-journal.ts';
import { batchRecords, bytesAt, endRecord, errorsIn, headerLine, readTrials } from './trials-format.ts';

export interface JournalOptions {
  /** Whether what earlier runs left counts. */
  readonly resume: boolean;
  /** Hash of the experiment's canonical form. */
  readonly experiment: string;
  /** Told what of earlier journals cannot be read. */
  readonly warn?: (text: string) => void;
}

/** A batch on disk, whose numbers can be read again later. */
export interface Stored extends JournalEntry {
  readonly rows: StoredRows;
}

/** Reads the errors and statuses numbered `from .. to - 1` of a batch, `recipe * count + trial`, from its file, which is open. */
export interface StoredRows {
  readonly path: string;
  errors(file: number, from: number, to: number): Float64Array;
  statuses(file: number, from: number, to: number): Uint8Array;
}

/** Seconds between two times at which what was written is sent to the disk itself. */
const SYNC_SECONDS = 30;

/** Who computed what stands in a file whose first line is damaged. */
const UNKNOWN: Maker = { adapter: 'unknown' };

/**
 * Keeps finished batches in the folder, so that `--resume` can go on after whatever ended a run. Each run writes a file of its own,
 * `journal.trials`, `journal-2.trials` and so on, made with its first batch: none is ever changed or removed by a later run.
 */
export class JournalFile implements Journal {
  readonly #folder: string;
  readonly #options: JournalOptions;
  /** Files of earlier runs, the newest first. */
  readonly #earlier: readonly string[];
  #by: Maker | undefined;
  #own: OwnFile | null = null;

  constructor(folder: string, options: JournalOptions) {
    this.#folder = folder;
    this.#options = options;
    this.#earlier = options.resume ? journalsIn(folder) : [];
  }

  /** What earlier runs left, newest file first; reading it says what is damaged. */
  get past(): Iterable<Stored> {
    return this.#read(this.#earlier, this.#options.warn);
  }

  /** All that counts: what earlier runs left and what this one has written, as `past` has it. */
  entries(): Iterable<Stored> {
    return this.#read([...this.#earlier, ...(this.#own ? [this.#own.name] : [])]);
  }

  /** Who computed the newest batch of earlier runs. */
  lastMaker(): Maker | undefined {
    for (const { by } of this.#read(this.#earlier)) return by;
    return undefined;
  }

  /** From here on batches are this device's. */
  signAs(by: Maker): void {
    this.#by = by;
  }

  append(entry: JournalEntry): void {
    this.#own ??= this.#begin();
    for (const record of batchRecords(entry)) this.#own.write(record);
  }

  /** The last word of this run, if it wrote any. */
  end(outcome: Outcome): void {
    this.#own?.write(endRecord(outcome));
  }

  /** Sends what was written to the disk itself. */
  async close(): Promise<void> {
    await this.#own?.close();
  }

  #begin(): OwnFile {
    const numbers = readdirSync(this.#folder).flatMap((name) => numberOf(name) ?? []);
    const { experiment } = this.#options;
    const header = { experiment, by: this.#by, host: hostname(), pid: process.pid, start: new Date().toISOString() };
    const number = Math.max(0, ...numbers) + 1;
    const own = new OwnFile(this.#folder, number === 1 ? 'journal.trials' : `journal-${number}.trials`);
    own.write(headerLine(header));
    return own;
  }

  *#read(names: readonly string[], warn: (text: string) => void = () => {}): Generator<Stored, void> {
    for (const name of names) {
      const damage: string[] = [];
      yield* readFile(join(this.#folder, name), damage);
      if (damage.length === 0) continue;
      const some = damage.slice(0, MOST_PLACES).join('; ');
      const rest = damage.length > MOST_PLACES ? `; and ${damage.length - MOST_PLACES} more places` : '';
      warn(
        `${name} in ${this.#folder} cannot be trusted in full: ${some}${rest}. Trials lost with it are drawn again.`,
      );
    }
  }
}

/** Damaged places that a sentence lists. */
const MOST_PLACES = 5;

/** Names of the journals in a folder, the newest first. */
function journalsIn(folder: string): readonly string[] {
  const names = readdirSync(folder).filter((name) => numberOf(name) !== null);
  return names.sort((a, b) => numberOf(b)! - numberOf(a)!);
}

/** 0 for the journal of old versions, null for other files. */
function numberOf(name: string): number | null {
  if (name === 'journal.ndjson') return 0;
  const found = /^journal(?:-(\d+))?\.trials$/.exec(name);
  return found && Number(found[1] ?? 1);
}

/** The batches in a file that can be trusted; what cannot goes to `damage`, in words. */
function* readFile(path: string, damage: string[]): Generator<Stored, void> {
  const file = opened(path);
  try {
    for (const stored of path.endsWith('.ndjson') ? oldEntriesOf(file, path, damage) : entriesOf(file, path, damage)) {
      const fault = faultOf(stored.batch);
      if (fault === null) yield stored;
      else damage.push(`${trialsOf(stored)}: ${fault}`);
    }
  } finally {
    closeSync(file);
  }
}

const trialsOf = ({ job, batch }: JournalEntry) => {
  const { first, end } = rangeOf(batch);
  return `trials ${first} to ${end - 1} of job ${job}`;
};

function* entriesOf(file: number, path: string, damage: string[]): Generator<Stored, void> {
  let by: Maker | undefined = UNKNOWN;
  for (const found of readTrials(file)) {
    if (found.kind === 'header') by = found.header.by;
    if (found.kind === 'damage') damage.push(found.what);
    if (found.kind !== 'batch') continue;
    const { job, batch, place } = found;
    const { at, bytesPerError, hasStatuses } = place;
    const statusesAt = at + bytesPerError * batch.errors.length;
    const rows: StoredRows = {
      path,
      errors: (source, from, to) =>
        errorsIn(bytesAt(source, at + bytesPerError * from, bytesPerError * (to - from)), bytesPerError),
      statuses: (source, from, to) =>
        hasStatuses ? bytesAt(source, statusesAt + from, to - from) : new Uint8Array(to - from),
    };
    yield { job, batch, rows, ...(by ? { by } : {}) };
  }
}

function* oldEntriesOf(file: number, path: string, damage: string[]): Generator<Stored, void> {
  for (const found of readLines(file)) {
    if (found.kind === 'damage') {
      damage.push(found.what);
      continue;
    }
    const { kind: _, place, ...entry } = found;
    const rows: StoredRows = {
      path,
      errors: (source, from, to) => errorsIn(decodedAt(source, place.errorsAt, 8 * from, 8 * to), 8),
      statuses: (source, from, to) => decodedAt(source, place.statusesAt, from, to),
    };
    yield { ...entry, rows };
  }
}

function opened(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(Exit.broken, `Cannot read ${path} (${code}); make it readable, or run without --resume.`);
  }
}

/** The file of this run: written in order, and never left with half a record. */
class OwnFile {
  readonly name: string;
  readonly #path: string;
  readonly #file: number;
  #length = 0;
  #synced = performance.now();
  /** Settles once all that was sent to the disk is there, or has failed. */
  #syncing: Promise<void> = Promise.resolve();
  #failure: NodeJS.ErrnoException | null = null;

  constructor(folder: string, name: string) {
    this.name = name;
    this.#path = join(folder, name);
    try {
      this.#file = openSync(this.#path, 'wx+');
    } catch (error) {
      throw this.#broken(error);
    }
  }

  write(record: Uint8Array): void {
    if (this.#failure) throw this.#broken(this.#failure);
    try {
      for (let sent = 0; sent < record.length; )
        sent += writeSync(this.#file, record, sent, record.length - sent, this.#length + sent);
    } catch (error) {
      ftruncateSync(this.#file, this.#length);
      throw this.#broken(error);
    }
    this.#length += record.length;
    if (performance.now() - this.#synced > 1000 * SYNC_SECONDS) this.#sync();
  }

  /** In the background: the device is not to wait for the disk. */
  #sync(): void {
    this.#synced = performance.now();
    const before = this.#syncing;
    this.#syncing = new Promise((resolve) => {
      fdatasync(this.#file, (error) => {
        this.#failure ??= error;
        before.then(resolve);
      });
    });
  }

  async close(): Promise<void> {
    await this.#syncing;
    try {
      fdatasyncSync(this.#file);
    } catch (error) {
      throw this.#broken(error);
    } finally {
      closeSync(this.#file);
    }
  }

  #broken(error: unknown): CliError {
    const { code } = error as NodeJS.ErrnoException;
    return new CliError(
      Exit.broken,
      `Cannot write ${this.#path} (${code}); free some space and run again with --resume.`,
    );
  }
}
