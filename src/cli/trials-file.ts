import { closeSync, openSync } from 'node:fs';
import { gapsIn, type TrialRange, trialsIn, withRange } from '../engine/coverage.ts';
import type { JobRecord, RunOutcome } from '../engine/events.ts';
import { rangeOf } from '../engine/journal.ts';
import type { CellTrials } from '../report/parquet.ts';
import type { Stored, StoredRows } from './journal-file.ts';

/** Trials of a job, and where in the journal they stand. */
interface Piece {
  readonly range: TrialRange;
  readonly rows: StoredRows;
  /** Range of the whole batch. */
  readonly batch: TrialRange;
}

/** Errors of a job that are in memory at a time. */
const MOST_NUMBERS = 2 ** 20;

/**
 * The trials that a run counted, cell by cell in order, read again from its journal. Of trials that are there twice it takes those that the
 * run took: `entries` are in the order in which it met them. Throws where the journal has lost some.
 */
export function* countedTrials(
  { jobs }: Pick<RunOutcome, 'jobs'>,
  entries: Iterable<Stored>,
): Generator<CellTrials, void> {
  const pieces = piecesOf(jobs, entries);
  const files = new Map<string, number>();
  const open = (path: string) => {
    const file = files.get(path) ?? openSync(path, 'r');
    files.set(path, file);
    return file;
  };
  try {
    for (const [j, job] of jobs.entries()) yield* trialsOf(job, pieces[j]!, open);
  } finally {
    for (const file of files.values()) closeSync(file);
  }
}

/** By job, in order of trials. */
function piecesOf(jobs: readonly JobRecord[], entries: Iterable<Stored>): readonly (readonly Piece[])[] {
  const pieces = jobs.map((): Piece[] => []);
  const done = jobs.map((): readonly TrialRange[] => []);
  for (const { job: key, batch, rows } of entries) {
    for (const [j, job] of jobs.entries()) {
      if (job.key !== key || batch.errors.length !== job.recipes * batch.count) continue;
      for (const range of job.counted.flatMap((counted) => gapsIn(done[j]!, common(counted, rangeOf(batch))))) {
        pieces[j]!.push({ range, rows, batch: rangeOf(batch) });
        done[j] = withRange(done[j]!, range);
      }
    }
  }
  for (const [j, { counted, key }] of jobs.entries()) {
    const lost = trialsIn(counted) - trialsIn(done[j]!);
    if (lost > 0) throw new Error(`${lost} trials of job ${key} are not in the journal any more`);
  }
  return pieces.map((own) => own.sort((a, b) => a.range.first - b.range.first));
}

/** Empty, that is ending before it begins, where two ranges have nothing in common. */
const common = (a: TrialRange, b: TrialRange): TrialRange => ({
  first: Math.max(a.first, b.first),
  end: Math.min(a.end, b.end),
});

/** As many cells at a time as memory allows; of a cell that is larger, as many trials. */
function* trialsOf(
  { panel, cells, counted }: JobRecord,
  pieces: readonly Piece[],
  open: (path: string) => number,
): Generator<CellTrials, void> {
  const trials = trialsIn(counted);
  if (trials === 0) return;
  const width = Math.max(1, Math.floor(MOST_NUMBERS / trials));
  for (let cell = 0; cell < cells.length; cell += width) {
    const block = cells.slice(cell, cell + width);
    for (const some of width > 1 ? [pieces] : cutToSize(pieces)) {
      const read = some.map((piece) => readBlock(piece, cell, block.length, open(piece.rows.path)));
      for (const [i, at] of block.entries()) for (const part of read) yield { panel, at, ...part(i) };
    }
  }
}

/** Pieces that a cell's errors fit into memory with. */
function* cutToSize(pieces: readonly Piece[]): Generator<readonly Piece[], void> {
  let some: Piece[] = [];
  let size = 0;
  for (const piece of pieces) {
    const { first, end } = piece.range;
    if (size > 0 && size + end - first > MOST_NUMBERS) {
      yield some;
      [some, size] = [[], 0];
    }
    some.push(piece);
    size += end - first;
  }
  if (some.length > 0) yield some;
}

/** Reads a piece of some cells; they stand one after another. */
function readBlock(
  { range, rows, batch }: Piece,
  cell: number,
  cells: number,
  file: number,
): (i: number) => Pick<CellTrials, 'first' | 'errors' | 'statuses'> {
  const count = batch.end - batch.first;
  const errors = rows.errors(file, cell * count, (cell + cells) * count);
  const statuses = rows.statuses(file, cell * count, (cell + cells) * count);
  return (i) => {
    const from = i * count + range.first - batch.first;
    const to = from + range.end - range.first;
    return { first: range.first, errors: errors.subarray(from, to), statuses: statuses.subarray(from, to) };
  };
}
