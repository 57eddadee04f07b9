import { type TrialRange, union, within } from '../engine/coverage.ts';
import type { StoredTrials, Stretch } from '../engine/merge.ts';
import type { Numbers } from '../statistics/sort.ts';
import { OpenFiles } from './open-files.ts';
import type { Piece, TrialsIndex } from './trials-index.ts';

/** A job, and which of its trials count. */
export interface CountedJob {
  readonly key: string;
  readonly recipes: number;
  readonly counted: readonly TrialRange[];
}

/** The trials of jobs in files. Whoever makes it closes it. */
export class FileTrials implements StoredTrials {
  /** By job, in order; they may touch. */
  readonly #pieces: readonly (readonly Piece[])[];
  readonly #files = new OpenFiles();

  constructor(jobs: readonly CountedJob[], index: TrialsIndex) {
    this.#pieces = jobs.map(({ key, recipes, counted }) =>
      index.pieces(key, recipes).flatMap((piece) => {
        const inside = counted.some(({ first, end }) => first <= piece.range.first && piece.range.end <= end);
        return inside ? [piece] : within(counted, piece.range).map((range) => ({ ...piece, range }));
      }),
    );
  }

  counted(job: number): readonly TrialRange[] {
    return union(this.#pieces[job]!.map(({ range }) => range));
  }

  *stretches(job: number, most: number): Generator<Stretch, void> {
    let some: Piece[] = [];
    let size = 0;
    for (const piece of cut(this.#pieces[job]!, most)) {
      const { first, end } = piece.range;
      const last = some.at(-1);
      if (last && (last.range.end < first || size + end - first > most)) {
        yield this.#stretch(some);
        [some, size] = [[], 0];
      }
      some.push(piece);
      size += end - first;
    }
    if (some.length > 0) yield this.#stretch(some);
  }

  close(): void {
    this.#files.close();
  }

  #stretch(pieces: readonly Piece[]): Stretch {
    const { first } = pieces[0]!.range;
    const count = pieces.at(-1)!.range.end - first;
    const read = (from: number, to: number) => {
      const blocks = pieces.map((piece) => ({ piece, errors: this.#errors(piece, from, to) }));
      const singles = blocks.every(({ errors }) => errors instanceof Float32Array);
      const errors = new (singles ? Float32Array : Float64Array)((to - from) * count);
      const statuses = new Uint8Array((to - from) * count);
      for (const { piece, errors: block } of blocks) {
        const fates = piece.rows.statuses(this.#files.get(piece.rows.source.path), ...span(piece, from, to));
        const { first: begin, end } = piece.range;
        const width = piece.batch.end - piece.batch.first;
        for (let recipe = 0; recipe < to - from; recipe++) {
          const source = recipe * width + begin - piece.batch.first;
          const target = recipe * count + begin - first;
          errors.set(block.subarray(source, source + end - begin), target);
          statuses.set(fates.subarray(source, source + end - begin), target);
        }
      }
      return { errors, statuses };
    };
    return { first, count, read };
  }

  #errors(piece: Piece, from: number, to: number): Numbers {
    return piece.rows.errors(this.#files.get(piece.rows.source.path), ...span(piece, from, to));
  }
}

/** Numbers of the rows of some recipes in the whole batch. */
function span({ batch }: Piece, from: number, to: number): [number, number] {
  const width = batch.end - batch.first;
  return [from * width, to * width];
}

function* cut(pieces: readonly Piece[], most: number): Generator<Piece, void> {
  for (const piece of pieces)
    for (let { first } = piece.range; first < piece.range.end; first += most)
      yield { ...piece, range: { first, end: Math.min(first + most, piece.range.end) } };
}
