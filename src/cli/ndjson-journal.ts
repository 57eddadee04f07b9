import type { Maker } from '../engine/journal.ts';
import type { TrialBatch } from '../program/trials.ts';
import { bytesAt, errorsIn } from './trials-format.ts';

/*
 * `journal.ndjson`, as versions before format 1 of `.trials` wrote it: a line of JSON for each batch, numbers as base64 of
 * little-endian f64 and of bytes. It has no checksums: what is altered within the base64 cannot be noticed.
 */

/** Where the base64 of a batch stands in the file, bytes. */
export interface LinePlace {
  readonly errorsAt: number;
  readonly statusesAt: number;
}

export type FoundLine =
  | {
      readonly kind: 'batch';
      readonly job: string;
      readonly batch: TrialBatch;
      readonly by?: Maker;
      readonly place: LinePlace;
    }
  | { readonly kind: 'damage'; readonly what: string };

/** Reads an open file line by line. */
export function* readLines(file: number): Generator<FoundLine, void> {
  for (const { bytes, at } of linesOf(file)) {
    yield (bytes && lineOf(bytes, at)) ?? { kind: 'damage', what: `the line at byte ${at}` };
  }
}

/** A line that a crash cut short, or that is damaged, is null. */
function lineOf(bytes: Buffer, at: number): FoundLine | null {
  try {
    const { job, first, count, errors, statuses, by } = JSON.parse(bytes.toString());
    const batch = {
      first,
      count,
      errors: errorsIn(Uint8Array.from(Buffer.from(errors, 'base64')), 8),
      statuses: Uint8Array.from(Buffer.from(statuses, 'base64')),
    };
    const place = { errorsAt: at + placeOf(bytes, 'errors'), statusesAt: at + placeOf(bytes, 'statuses') };
    return typeof job === 'string' ? { kind: 'batch', job, batch, place, ...(by ? { by } : {}) } : null;
  } catch {
    return null;
  }
}

function placeOf(line: Buffer, key: string): number {
  const head = `"${key}":"`;
  const found = line.indexOf(head);
  if (found < 0) throw new RangeError(`no ${head}`);
  return found + head.length;
}

const STRIDE = 2 ** 20;

/** Longer ones are none of ours: no text is as long in JavaScript. */
const MOST_LINE = 2 ** 29;

/** Lines that are not empty, with their places; null for one that cannot be ours, such as a hole that a crash left, which is not kept. */
function* linesOf(file: number): Generator<{ readonly bytes: Buffer | null; readonly at: number }, void> {
  let line = new Line(0);
  for (let at = 0; ; at += STRIDE) {
    const chunk = Buffer.from(bytesAt(file, at, STRIDE));
    let from = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
      line.add(chunk.subarray(from, end));
      if (line.length > 0) yield { bytes: line.bytes(), at: line.at };
      from = end + 1;
      line = new Line(at + from);
    }
    line.add(chunk.subarray(from));
    if (chunk.length < STRIDE) break;
  }
  if (line.length > 0) yield { bytes: line.bytes(), at: line.at };
}

/** A line that is being read, chunk by chunk. */
class Line {
  readonly at: number;
  length = 0;
  #parts: Buffer[] | null = [];

  constructor(at: number) {
    this.at = at;
  }

  add(part: Buffer): void {
    if (part.length === 0) return;
    const begins = this.length > 0 || part[0] === BRACE;
    this.length += part.length;
    if (!begins || part.includes(0) || this.length > MOST_LINE) this.#parts = null;
    this.#parts?.push(part);
  }

  bytes(): Buffer | null {
    return this.#parts && Buffer.concat(this.#parts);
  }
}

const BRACE = '{'.charCodeAt(0);

/** Bytes `from .. to - 1` of what base64 from this place of an open file on stands for. */
export function decodedAt(file: number, place: number, from: number, to: number): Uint8Array<ArrayBuffer> {
  const begin = Math.floor(from / 3);
  const chars = Buffer.from(bytesAt(file, place + 4 * begin, 4 * (Math.ceil(to / 3) - begin)));
  return Uint8Array.from(Buffer.from(chars.toString('latin1'), 'base64').subarray(from - 3 * begin, to - 3 * begin));
}
