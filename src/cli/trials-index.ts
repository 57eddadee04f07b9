import { common, gapsIn, type TrialRange } from '../engine/coverage.ts';
import { type Maker, rangeOf } from '../engine/journal.ts';
import { TrialStatus } from '../program/trials.ts';
import { CliError, Exit } from './exit.ts';
import { OpenFiles } from './open-files.ts';
import type { Source, Stored, StoredRows } from './stored.ts';

/** Trials of a job, and where they stand. */
export interface Piece {
  readonly range: TrialRange;
  readonly rows: StoredRows;
  /** Range of the whole batch. */
  readonly batch: TrialRange;
}

interface OwnPiece extends Piece {
  readonly by: Maker | undefined;
}

/**
 * Where the trials of a run stand in its files. Of trials that are there twice the first that is added counts; the others are compared
 * with it bit for bit, where the same adapter drew both by the same row of the tuning table.
 */
export class TrialsIndex {
  /** By job and number of recipes: disjoint, in order. */
  readonly #pieces = new Map<string, OwnPiece[]>();
  readonly #files = new OpenFiles();

  /** Throws a `CliError` that names both files and hosts if trials were drawn twice and differ. */
  add(stored: Stored): void {
    const { job, batch, rows, by } = stored;
    const range = rangeOf(batch);
    const pieces = this.#of(job, batch.errors.length / batch.count);
    const from = firstThatEndsAfter(pieces, range.first);
    let to = from;
    while (to < pieces.length && pieces[to]!.range.first < range.end) to++;
    const overlapping = pieces.slice(from, to);
    for (const piece of overlapping) this.#compare(piece, stored);
    const gaps = gapsIn(
      overlapping.map((piece) => piece.range),
      range,
    );
    const added = gaps.map((gap): OwnPiece => ({ range: gap, rows, batch: range, by }));
    const merged = [...overlapping, ...added].sort((a, b) => a.range.first - b.range.first);
    pieces.splice(from, to - from, ...merged);
  }

  /** Trials of a job, disjoint and in order. */
  pieces(job: string, recipes: number): readonly Piece[] {
    return this.#of(job, recipes);
  }

  /** Who drew pieces of these jobs, each once. */
  makers(jobs: readonly { readonly key: string; readonly recipes: number }[]): readonly Maker[] {
    const makers = new Map<string, Maker>();
    for (const { key, recipes } of jobs)
      for (const { by } of this.#of(key, recipes)) if (by) makers.set(nameOf(by), by);
    return [...makers.values()];
  }

  /** Closes the files that comparing opened. */
  close(): void {
    this.#files.close();
  }

  #of(job: string, recipes: number): OwnPiece[] {
    const key = `${job} ${recipes}`;
    const pieces = this.#pieces.get(key) ?? [];
    this.#pieces.set(key, pieces);
    return pieces;
  }

  #compare({ range, rows, batch: whole, by }: OwnPiece, { job, batch, rows: others, by: other }: Stored): void {
    if (nameOf(by) !== nameOf(other)) return;
    const { first, end } = common(range, rangeOf(batch));
    const count = whole.end - whole.first;
    const file = this.#files.get(rows.source.path);
    for (let recipe = 0; recipe < batch.errors.length / batch.count; recipe++) {
      const [from, to] = [recipe * count + first - whole.first, recipe * count + end - whole.first];
      const errors = rows.errors(file, from, to);
      const statuses = rows.statuses(file, from, to);
      for (let t = 0; t < end - first; t++) {
        const at = recipe * batch.count + first - batch.first + t;
        const same = statuses[t] === batch.statuses[at];
        if (same && (statuses[t] !== TrialStatus.ok || errors[t] === batch.errors[at])) continue;
        throw disagreement(`Trial ${first + t} of job ${job}`, rows.source, others.source);
      }
    }
  }
}

const nameOf = (by: Maker | undefined) => JSON.stringify([by?.adapter, by?.tuning]);

function firstThatEndsAfter(pieces: readonly Piece[], trial: number): number {
  let [low, high] = [0, pieces.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pieces[middle]!.range.end > trial) high = middle;
    else low = middle + 1;
  }
  return low;
}

function disagreement(what: string, a: Source, b: Source): CliError {
  const place = ({ path, header }: Source) =>
    header ? `${path} (by ${header.by?.adapter ?? 'the f64 reference'} on ${header.host})` : path;
  return new CliError(
    Exit.broken,
    `${what} was drawn twice, and differs: in ${place(a)} and in ${place(b)}. One of the machines computes wrong numbers, or one ` +
      'of the files was altered: draw it a third time elsewhere to find out which, and move the wrong file away.',
  );
}
