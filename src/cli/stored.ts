import { closeSync, openSync } from 'node:fs';
import { faultOf, type JournalEntry, type Maker, rangeOf } from '../engine/journal.ts';
import type { Numbers } from '../statistics/sort.ts';
import { CliError, Exit } from './exit.ts';
import { decodedAt, readLines } from './ndjson-journal.ts';
import { bytesAt, errorsIn, type Header, readTrials, type Wanted } from './trials-format.ts';

/** A file of trials, and who wrote it as far as that is known. */
export interface Source {
  readonly path: string;
  readonly header: Header | null;
}

/** A batch on disk, whose numbers can be read again later. */
export interface Stored extends JournalEntry {
  readonly rows: StoredRows;
}

/** Reads the errors and statuses numbered `from .. to - 1` of a batch, `recipe * count + trial`, from its file, which is open. */
export interface StoredRows {
  readonly source: Source;
  errors(file: number, from: number, to: number): Numbers;
  statuses(file: number, from: number, to: number): Uint8Array;
}

/** Who computed what stands in a file whose first line is damaged. */
const UNKNOWN: Maker = { adapter: 'unknown' };

/** The batches in a file that can be trusted; what cannot goes to `damage`, in words. */
export function* readStored(path: string, damage: string[], wanted?: Wanted): Generator<Stored, void> {
  const file = openToRead(path);
  try {
    // Old journals have no checksums, and nothing in them but errors.
    const old = path.endsWith('.ndjson');
    for (const stored of old ? oldEntriesOf(file, path, damage) : entriesOf(file, path, damage, wanted)) {
      const fault = faultOf(stored.batch, old);
      if (fault === null) yield stored;
      else damage.push(`${trialsOf(stored)}: ${fault}`);
    }
  } finally {
    closeSync(file);
  }
}

/** `trials 3 to 9 of job 00c0ffee00c0ffee` */
export function trialsOf({ job, batch }: JournalEntry): string {
  const { first, end } = rangeOf(batch);
  return `trials ${first} to ${end - 1} of job ${job}`;
}

/** Damaged places that a sentence lists. */
const MOST_PLACES = 5;

/** What is damaged, in a few words. */
export function damageText(damage: readonly string[]): string {
  const some = damage.slice(0, MOST_PLACES).join('; ');
  return damage.length > MOST_PLACES ? `${some}; and ${damage.length - MOST_PLACES} more places` : some;
}

function* entriesOf(file: number, path: string, damage: string[], wanted?: Wanted): Generator<Stored, void> {
  let source: Source = { path, header: null };
  for (const found of readTrials(file, wanted)) {
    if (found.kind === 'header') source = { path, header: found.header };
    if (found.kind === 'damage') damage.push(found.what);
    if (found.kind !== 'batch') continue;
    const { job, batch, place } = found;
    const { at, bytesPerError, hasStatuses } = place;
    const statusesAt = hasStatuses ? at + bytesPerError * batch.errors.length : null;
    const by = source.header ? source.header.by : UNKNOWN;
    yield { job, batch, rows: new RecordRows(source, at, bytesPerError, statusesAt), ...(by ? { by } : {}) };
  }
}

/** One for each batch of a run: no closures. */
class RecordRows implements StoredRows {
  readonly source: Source;
  readonly #at: number;
  readonly #bytesPerError: number;
  /** Null where all are ok. */
  readonly #statusesAt: number | null;

  constructor(source: Source, at: number, bytesPerError: number, statusesAt: number | null) {
    this.source = source;
    this.#at = at;
    this.#bytesPerError = bytesPerError;
    this.#statusesAt = statusesAt;
  }

  errors(file: number, from: number, to: number): Numbers {
    const { buffer } = bytesAt(file, this.#at + this.#bytesPerError * from, this.#bytesPerError * (to - from));
    return this.#bytesPerError === 4 ? new Float32Array(buffer) : new Float64Array(buffer);
  }

  statuses(file: number, from: number, to: number): Uint8Array {
    return this.#statusesAt === null ? new Uint8Array(to - from) : bytesAt(file, this.#statusesAt + from, to - from);
  }
}

function* oldEntriesOf(file: number, path: string, damage: string[]): Generator<Stored, void> {
  const source = { path, header: null };
  for (const found of readLines(file)) {
    if (found.kind === 'damage') {
      damage.push(found.what);
      continue;
    }
    const { kind: _, place, ...entry } = found;
    const rows: StoredRows = {
      source,
      errors: (open, from, to) => errorsIn(decodedAt(open, place.errorsAt, 8 * from, 8 * to), 8),
      statuses: (open, from, to) => decodedAt(open, place.statusesAt, from, to),
    };
    yield { ...entry, rows };
  }
}

/** Throws a `CliError` where the file cannot be read. */
export function openToRead(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(Exit.broken, `Cannot read ${path} (${code}); make it readable, or move it away.`);
  }
}
