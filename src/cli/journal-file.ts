import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Journal, JournalEntry } from '../engine/journal.ts';
import { CliError, Exit } from './exit.ts';

/** One line of `journal.ndjson`; numbers as base64 of little-endian f64 and of bytes. */
interface Line {
  readonly job: string;
  readonly first: number;
  readonly count: number;
  readonly errors: string;
  readonly statuses: string;
  readonly by?: Maker | undefined;
}

/** Who computed a batch: numbers of two adapters, or of two rows of the tuning table, agree within bounds, not bit for bit. */
export interface Maker {
  readonly adapter: string;
  readonly tuning?: string | undefined;
}

/** A batch on disk; `by` is absent where no device computed it. */
export interface Kept extends JournalEntry {
  readonly by?: Maker | undefined;
}

/**
 * Keeps finished batches in `journal.ndjson`, one line each, so that `--resume` can go on after a crash. The file is opened
 * for the first batch: a run that fails before it leaves an earlier journal as it is.
 */
export class JournalFile implements Journal {
  readonly past: readonly Kept[];
  readonly #path: string;
  readonly #resume: boolean;
  #file: number | null = null;
  #by: Maker | undefined;

  /** With `resume` the batches already there count, else the file begins anew. */
  constructor(folder: string, resume: boolean) {
    this.#path = join(folder, 'journal.ndjson');
    this.#resume = resume;
    this.past = resume ? this.entries() : [];
  }

  /** From here on batches are this device's. */
  signAs(by: Maker): void {
    this.#by = by;
  }

  append({ job, batch }: JournalEntry): void {
    const line: Line = {
      job,
      first: batch.first,
      count: batch.count,
      errors: base64(batch.errors),
      statuses: base64(batch.statuses),
      by: this.#by,
    };
    try {
      // The newline comes first as well: a crash may have left half a line.
      this.#file ??= openSync(this.#path, this.#resume ? 'a' : 'w');
      writeSync(this.#file, `\n${JSON.stringify(line)}\n`);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new CliError(
        Exit.broken,
        `Cannot write ${this.#path} (${code}); free some space and run again with --resume.`,
      );
    }
  }

  /** All batches on disk, earlier runs' and this one's. */
  entries(): readonly Kept[] {
    return existsSync(this.#path) ? readLines(readFileSync(this.#path, 'utf8')) : [];
  }

  close(): void {
    if (this.#file === null) return;
    fsyncSync(this.#file);
    closeSync(this.#file);
  }
}

/** A line cut short by a crash is passed over. */
function readLines(text: string): readonly Kept[] {
  const entries: Kept[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    try {
      const { job, first, count, errors, statuses, by } = JSON.parse(line) as Line;
      const bytes = Uint8Array.from(Buffer.from(errors, 'base64'));
      entries.push({
        ...(by ? { by } : {}),
        job,
        batch: {
          first,
          count,
          errors: new Float64Array(bytes.buffer),
          statuses: Uint8Array.from(Buffer.from(statuses, 'base64')),
        },
      });
    } catch {}
  }
  return entries;
}

function base64(array: Float64Array | Uint8Array): string {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64');
}
