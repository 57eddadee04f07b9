import { fstatSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { TrialRange } from '../engine/coverage.ts';
import type { Outcome } from '../engine/events.ts';
import { type JournalEntry, type Maker, partOf, rangeOf } from '../engine/journal.ts';
import type { Shard } from '../engine/shard.ts';
import type { Errors, TrialBatch } from '../program/trials.ts';
import { countNonZero } from '../statistics/scan.ts';
import { inFewestBytes } from '../statistics/sort.ts';

/*
 * The format of `.trials` files: finished batches of one process, which alone writes the file.
 *
 * First a line of JSON (`Header`), whose last key is the CRC-32 of what stands before it. Then records, little-endian:
 *
 *   0  marker, 8 bytes             20  first trial, u32
 *   8  kind, u8: 1 batch, 2 end    24  trials, u32
 *   9  bytes per error, u8: 4, 8   28  bytes of the payload, u32
 *  10  statuses, u8: 0 all ok, 1   32  CRC-32 of the payload, u32
 *  11  0                           36  CRC-32 of bytes 0 to 35, u32
 *  12  job (`jobKey`), u64         40  payload
 *
 * The payload of a batch is its errors, recipe by recipe, as f32 where all of them are f32, else as f64; then its statuses, a
 * byte each, unless all are ok. That of the end is the outcome of the run as text, and in a second line why it broke. The head has a
 * checksum of its own, so that payloads can be skipped; after damage a reader goes on at the next marker whose head is whole.
 */

const NAME = 'collapse-trials';
const VERSION = 1;

/** Who wrote a file, when, and what computed. */
export interface Header {
  /** Hash of the experiment's canonical form. */
  readonly experiment: string;
  /** Absent where no device computes. */
  readonly by?: Maker | undefined;
  readonly host: string;
  readonly pid: number;
  readonly start: string;
  /** Where the process number means something (`processSpace`). */
  readonly space?: string | undefined;
  /** What a shard was to draw, where one wrote the file. */
  readonly shard?: ShardHeader | undefined;
}

export interface ShardHeader extends Shard {
  /** All its trials of all jobs are in here. */
  readonly first: number;
  readonly end: number;
  /** Job of a cluster that it ran in, by the cluster's own number. */
  readonly job?: string | undefined;
}

const MARKER = Buffer.from('\x89TRL\r\n\x1a\n', 'latin1');
const HEAD = 40;
const KIND = { batch: 1, end: 2 } as const;

/** Larger batches are cut into several records, so that a reader needs little memory and damage costs little. */
const MOST_PAYLOAD = 2 ** 24;

export function headerLine(header: Header): Buffer {
  const text = JSON.stringify({ format: NAME, version: VERSION, ...header }).slice(0, -1);
  return Buffer.from(`${text},"crc32":"${hex(crc32(text))}"}\n`);
}

const hex = (crc: number) => crc.toString(16).padStart(8, '0');

/** A batch as records, one or more. */
export function batchRecords({ job, batch }: JournalEntry): readonly Buffer[] {
  const { first, end } = rangeOf(batch);
  const most = Math.max(1, Math.floor((MOST_PAYLOAD / 9) * (batch.count / batch.errors.length)));
  const records: Buffer[] = [];
  for (let from = first; from < end; from += most)
    records.push(batchRecord(job, partOf(batch, { first: from, end: Math.min(end, from + most) })));
  return records;
}

function batchRecord(job: string, { first, count, errors, statuses }: TrialBatch): Buffer {
  const numbers = inFewestBytes(errors);
  const allOk = countNonZero(statuses) === 0;
  const record = Buffer.alloc(HEAD + numbers.byteLength + (allOk ? 0 : statuses.length));
  record.set(bytesOf(numbers), HEAD);
  if (!allOk) record.set(statuses, HEAD + numbers.byteLength);
  record.writeUInt8(numbers.BYTES_PER_ELEMENT, 9);
  record.writeUInt8(allOk ? 0 : 1, 10);
  record.writeBigUInt64LE(BigInt(`0x${job}`), 12);
  record.writeUInt32LE(first, 20);
  record.writeUInt32LE(count, 24);
  return sealed(record, KIND.batch);
}

export function endRecord(outcome: Outcome, why = ''): Buffer {
  const text = why === '' ? outcome : `${outcome}\n${why}`;
  return sealed(Buffer.concat([Buffer.alloc(HEAD), Buffer.from(text)]), KIND.end);
}

function sealed(record: Buffer, kind: number): Buffer {
  const payload = record.subarray(HEAD);
  record.set(MARKER);
  record.writeUInt8(kind, 8);
  record.writeUInt32LE(payload.length, 28);
  record.writeUInt32LE(crc32(payload), 32);
  record.writeUInt32LE(crc32(record.subarray(0, HEAD - 4)), 36);
  return record;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) => new Uint8Array(buffer, byteOffset, byteLength);

/** Where the numbers of a batch stand in its file. */
export interface Place {
  /** Of the payload in the file, bytes. */
  readonly at: number;
  readonly bytesPerError: number;
  readonly hasStatuses: boolean;
}

type Unread =
  | { readonly kind: 'header'; readonly header: Header }
  /** Cannot be read: in words, what and where. */
  | { readonly kind: 'damage'; readonly what: string };

type End = { readonly kind: 'end'; readonly outcome: string; readonly why: string };

/** What stands in a file, in order. */
export type Found =
  | Unread
  | { readonly kind: 'batch'; readonly job: string; readonly batch: TrialBatch; readonly place: Place }
  | End;

/** The same without the numbers, which are not looked at. */
export type Skimmed =
  | Unread
  | {
      readonly kind: 'batch';
      readonly job: string;
      readonly recipes: number;
      readonly first: number;
      readonly count: number;
    }
  | End;

/** Who wrote an open file; null where that cannot be read. */
export function readHeader(file: number): Header | null {
  const { found } = headerOf(file);
  return found.kind === 'header' ? found.header : null;
}

/** Which batches are read, for those who do not want all of them. */
export type Wanted = (job: string, range: TrialRange) => boolean;

/** Reads an open file record by record; half a record at its end, as a crash leaves it, is none. */
export function* readTrials(file: number, wanted: Wanted = () => true): Generator<Found, void> {
  for (const found of recordsOf(file)) {
    if (found.kind === 'record' && found.head.kind === KIND.batch && !wanted(found.head.job, rangeOf(found.head)))
      continue;
    yield found.kind === 'record' ? recordOf(found.head, bytesAt(file, found.at, found.head.bytes), found.at) : found;
  }
}

/** Reads who drew what, and skips the numbers: kilobytes, however large the file. */
export function* skimTrials(file: number): Generator<Skimmed, void> {
  for (const found of recordsOf(file)) {
    if (found.kind !== 'record') {
      yield found;
      continue;
    }
    const { kind, job, first, count, bytes, bytesPerError, hasStatuses } = found.head;
    const recipes = bytes / (bytesPerError + (hasStatuses ? 1 : 0)) / count;
    if (kind === KIND.batch) yield { kind: 'batch', job, recipes, first, count };
    else yield recordOf(found.head, bytesAt(file, found.at, bytes), found.at) as End | Unread;
  }
}

type Walked = Unread | { readonly kind: 'record'; readonly head: Head; readonly at: number };

/** Goes from head to head; `at` is where the payload begins. */
function* recordsOf(file: number): Generator<Walked, void> {
  const line = headerOf(file);
  yield line.found;
  if (line.end === null) return;
  let at = line.end;
  for (;;) {
    const head = headAt(file, at);
    if (head === 'end of file') return;
    if (head === 'damage') {
      const next = nextMarker(file, at + 1);
      yield { kind: 'damage', what: next === null ? `all after byte ${at}` : `bytes ${at} to ${next - 1}` };
      if (next === null) return;
      at = next;
      continue;
    }
    if (at + HEAD + head.bytes > fstatSync(file).size) return;
    yield { kind: 'record', head, at: at + HEAD };
    at += HEAD + head.bytes;
  }
}

/** Longer lines are none. */
const MOST_HEADER = 2 ** 16;

/** The first line, and where records begin; null where nothing that follows can be understood. */
function headerOf(file: number): { readonly found: Unread; readonly end: number | null } {
  const bytes = Buffer.from(bytesAt(file, 0, MOST_HEADER));
  const length = bytes.indexOf('\n');
  const parts = /^(.*),"crc32":"([0-9a-f]{8})"\}$/.exec(bytes.toString('latin1', 0, Math.max(0, length)));
  if (!parts || hex(crc32(Buffer.from(parts[1]!, 'latin1'))) !== parts[2]) {
    const what = 'its first line, which says what computed';
    return { found: { kind: 'damage', what }, end: nextMarker(file, 0) };
  }
  const { format, version, ...header } = JSON.parse(bytes.toString('utf8', 0, length));
  if (format !== NAME || version !== VERSION) {
    const what = `all of it: it is of format ${format} ${version}, which a newer collapse-lab reads`;
    return { found: { kind: 'damage', what }, end: null };
  }
  return { found: { kind: 'header', header }, end: length + 1 };
}

interface Head {
  readonly kind: number;
  readonly bytesPerError: number;
  readonly hasStatuses: boolean;
  readonly job: string;
  readonly first: number;
  readonly count: number;
  readonly bytes: number;
  readonly crc: number;
}

function headAt(file: number, at: number): Head | 'damage' | 'end of file' {
  const bytes = Buffer.from(bytesAt(file, at, HEAD));
  if (bytes.length < HEAD) return 'end of file';
  if (!bytes.subarray(0, 8).equals(MARKER) || crc32(bytes.subarray(0, HEAD - 4)) !== bytes.readUInt32LE(36))
    return 'damage';
  return {
    kind: bytes.readUInt8(8),
    bytesPerError: bytes.readUInt8(9),
    hasStatuses: bytes.readUInt8(10) === 1,
    job: bytes.readBigUInt64LE(12).toString(16).padStart(16, '0'),
    first: bytes.readUInt32LE(20),
    count: bytes.readUInt32LE(24),
    bytes: bytes.readUInt32LE(28),
    crc: bytes.readUInt32LE(32),
  };
}

function recordOf(head: Head, payload: Uint8Array<ArrayBuffer>, at: number): Found {
  const { kind, job, first, count, bytesPerError, hasStatuses } = head;
  if (crc32(payload) !== head.crc) {
    const what = kind === KIND.batch ? `trials ${first} to ${first + count - 1} of job ${job}` : 'how the run ended';
    return { kind: 'damage', what };
  }
  if (kind === KIND.end) {
    const [outcome = '', ...why] = Buffer.from(payload).toString().split('\n');
    return { kind: 'end', outcome, why: why.join('\n') };
  }
  const numbers = payload.length / (bytesPerError + (hasStatuses ? 1 : 0));
  if (kind !== KIND.batch || (bytesPerError !== 4 && bytesPerError !== 8) || !Number.isInteger(numbers))
    return { kind: 'damage', what: `a record of unknown kind at byte ${at - HEAD}` };
  const place = { at, bytesPerError, hasStatuses };
  const batch = {
    first,
    count,
    errors: errorsIn(payload.subarray(0, numbers * bytesPerError), bytesPerError),
    statuses: hasStatuses ? payload.slice(numbers * bytesPerError) : new Uint8Array(numbers),
  };
  return { kind: 'batch', job, batch, place };
}

/** Bytes as errors, f32 or f64; a copy, for they may begin anywhere in their buffer. */
export function errorsIn(bytes: Uint8Array, bytesPerError: number): Errors {
  const { buffer } = new Uint8Array(bytes);
  return bytesPerError === 4 ? new Float32Array(buffer) : new Float64Array(buffer);
}

const STRIDE = 2 ** 20;

/** The next place from here on at which a marker stands. */
function nextMarker(file: number, from: number): number | null {
  for (let at = from; ; at += STRIDE) {
    const bytes = Buffer.from(bytesAt(file, at, STRIDE + MARKER.length - 1));
    const found = bytes.indexOf(MARKER);
    if (found >= 0) return at + found;
    if (bytes.length < STRIDE + MARKER.length - 1) return null;
  }
}

/** So many bytes of an open file from a place on, fewer where it ends before. */
export function bytesAt(file: number, at: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const read = readSync(file, bytes, filled, length - filled, at + filled);
    if (read === 0) break;
    filled += read;
  }
  return bytes.subarray(0, filled);
}
