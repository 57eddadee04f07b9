import { trialsIn } from '../engine/coverage.ts';
import type { JobRecord } from '../engine/events.ts';
import type { CellTrials } from '../report/parquet.ts';
import { FileTrials } from './file-trials.ts';
import type { TrialsIndex } from './trials-index.ts';

/** Errors of a job that are in memory at a time. */
const MOST_NUMBERS = 2 ** 20;

/** The trials that a run counted, cell by cell in order, read again from its files. Throws where they have lost some. */
export function* countedTrials(jobs: readonly JobRecord[], index: TrialsIndex): Generator<CellTrials, void> {
  const stored = new FileTrials(jobs, index);
  try {
    for (const [j, { key, counted }] of jobs.entries()) {
      const lost = trialsIn(counted) - trialsIn(stored.counted(j));
      if (lost > 0) throw new Error(`${lost} trials of job ${key} are not in the journal any more`);
    }
    for (const [j, job] of jobs.entries()) yield* trialsOf(stored, j, job);
  } finally {
    stored.close();
  }
}

/** As many cells at a time as memory allows; of a cell that is larger, as many trials. */
function* trialsOf(stored: FileTrials, j: number, { panel, cells, counted }: JobRecord): Generator<CellTrials, void> {
  const trials = trialsIn(counted);
  if (trials === 0) return;
  const width = Math.max(1, Math.floor(MOST_NUMBERS / trials));
  for (let from = 0; from < cells.length; from += width) {
    const block = cells.slice(from, from + width);
    const stretches = stored.stretches(j, MOST_NUMBERS);
    if (block.length === 1)
      for (const { read, ...part } of stretches) yield { panel, at: block[0]!, ...part, ...read(from, from + 1) };
    else {
      const read = [...stretches].map((stretch) => ({ ...stretch, ...stretch.read(from, from + block.length) }));
      for (const [i, at] of block.entries())
        for (const { first, count, errors, statuses } of read) {
          const [begin, end] = [i * count, (i + 1) * count];
          yield { panel, at, first, errors: errors.subarray(begin, end), statuses: statuses.subarray(begin, end) };
        }
    }
  }
}
