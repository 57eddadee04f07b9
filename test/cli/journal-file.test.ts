import {
  appendFileSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JournalFile } from '../../src/cli/journal-file.ts';
import type { JournalEntry } from '../../src/engine/journal.ts';
import type { Errors, TrialBatch } from '../../src/program/trials.ts';

/*
 * Plan: the journal on disk loses no finished batch, and gives back none that is not what was appended.
 * - what is appended is read back by a resuming run, number for number, NaN included, f32 in 4 bytes and f64 in 8; who drew it too
 * - every run has a file of its own: none changes another's, a run that appends nothing leaves none, the newest is read first
 * - cut anywhere: the records before the cut, and not a word
 * - single bits flipped, all over the file: only batches as they were appended, all but one of them, and a sentence
 * - holes and rubbish between records cost nothing but themselves; a file of a newer format is named and left alone
 * - batches too large for one record come back in parts
 * - values that nobody can have drawn are refused by name; the old NDJSON too, line by line
 * - a sparse file and a sparse old file of more than 512 MiB are read in little memory
 */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'collapse-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const JOB = '00c0ffee00c0ffee';
const entry = (first: number, error = Math.fround(0.1 + first)): JournalEntry => ({
  job: JOB,
  batch: { first, count: 2, errors: Float64Array.of(error, Number.NaN), statuses: Uint8Array.of(0, 2) },
});
const allOk = (first: number): JournalEntry => ({
  job: JOB,
  batch: { first, count: 2, errors: Float64Array.of(0.5, 0.25 + first), statuses: new Uint8Array(2) },
});

const path = (name = 'journal.trials') => join(folder, name);

async function write(...entries: JournalEntry[]): Promise<void> {
  const journal = new JournalFile(folder, { resume: false, experiment: 'e' });
  for (const one of entries) journal.append(one);
  journal.end('complete');
  await journal.close();
}

interface Read {
  readonly past: readonly JournalEntry[];
  readonly warnings: readonly string[];
}

function read(): Read {
  const warnings: string[] = [];
  const journal = new JournalFile(folder, {
    resume: true,
    experiment: 'e',
    warn: (text) => warnings.push(text),
  });
  return {
    past: [...journal.past].map(({ job, batch, by }) => ({ job, batch: inDouble(batch), ...(by && { by }) })),
    warnings,
  };
}

/** Numbers alone matter where entries are compared, and not in how many bytes each is. */
const inDouble = (batch: TrialBatch): TrialBatch => ({ ...batch, errors: Float64Array.from(batch.errors) });

describe('a journal', () => {
  it('reads back what was appended', async () => {
    const entries = [entry(0), entry(2, 0.1), allOk(4)];
    await write(...entries);
    expect(read()).toEqual({ past: entries, warnings: [] });
    const header = JSON.parse(readFileSync(path(), 'latin1').split('\n')[0]!);
    expect(header).toMatchObject({ format: 'collapse-trials', version: 1, experiment: 'e', pid: process.pid });
    expect([...new JournalFile(folder, { resume: false, experiment: 'e' }).past]).toEqual([]);
  });

  it('needs 4 bytes a number where they are f32', async () => {
    const count = 1000;
    const batch = (scale: number, first: number): TrialBatch => {
      const errors = Float64Array.from({ length: count }, (_, i) => i * scale);
      return { first, count, errors, statuses: new Uint8Array(count) };
    };
    await write({ job: JOB, batch: batch(0.5, 0) });
    await write({ job: JOB, batch: batch(0.1, count) });
    const sizes = ['journal.trials', 'journal-2.trials'].map((name) => readFileSync(path(name)).length);
    expect(sizes[0]).toBeLessThan(4 * count + 400);
    expect(sizes[1]! - sizes[0]!).toBe(4 * count);
    const { past } = new JournalFile(folder, { resume: true, experiment: 'e' });
    expect([...past].map(({ batch: { errors } }) => errors.BYTES_PER_ELEMENT).sort()).toEqual([4, 8]);
  });

  it('has a file for every run, and signs it', async () => {
    const by = { adapter: 'a device', tuning: 'gpu' };
    await write(entry(0));
    const journal = new JournalFile(folder, { resume: true, experiment: 'e' });
    expect(journal.lastMaker()).toBe(undefined);
    journal.signAs(by);
    journal.append(entry(2));
    await journal.close();
    await write();
    expect(readdirSync(folder).sort()).toEqual(['journal-2.trials', 'journal.trials']);
    expect(read().past).toEqual([{ ...entry(2), by }, entry(0)]);
    const all = journal.index().pieces(JOB, 1);
    expect(all.map(({ range }) => range)).toEqual([
      { first: 0, end: 2 },
      { first: 2, end: 4 },
    ]);
    expect(new JournalFile(folder, { resume: true, experiment: 'e' }).lastMaker()).toEqual(by);
  });

  it('cuts what is too large for one record', async () => {
    const [recipes, count] = [700, 3001];
    const errors = Float64Array.from({ length: recipes * count }, (_, i) => i + 0.1);
    const statuses = Uint8Array.from({ length: recipes * count }, (_, i) => (i % 7 === 0 ? 3 : 0));
    await write({ job: JOB, batch: { first: 5, count, errors, statuses } });
    const { past } = read();
    expect(past.length).toBeGreaterThan(1);
    let next = 5;
    for (const { batch } of past) {
      expect(batch.first).toBe(next);
      next += batch.count;
      for (const [recipe, t] of [
        [0, 0],
        [recipes - 1, batch.count - 1],
        [350, 7],
      ] as const) {
        const whole = recipe * count + batch.first - 5 + t;
        expect(batch.errors[recipe * batch.count + t]).toBe(errors[whole]);
        expect(batch.statuses[recipe * batch.count + t]).toBe(statuses[whole]);
      }
    }
    expect(next).toBe(5 + count);
  });
});

describe('a journal that was cut short or damaged', () => {
  it('keeps what is before a cut, wherever it is', async () => {
    const entries = [entry(0), allOk(2), entry(4)];
    await write(...entries);
    const bytes = readFileSync(path());
    let kept = entries.length;
    for (let length = bytes.length; length >= 0; length--) {
      truncateSync(path(), length);
      const { past, warnings } = read();
      expect(past.length).toBeLessThanOrEqual(kept);
      kept = past.length;
      expect(past).toEqual(entries.slice(0, kept));
      if (kept > 0) expect(warnings).toEqual([]);
    }
    expect(kept).toBe(0);
  });

  // Every eleventh: each bit of a byte in its turn.
  it('notices every flipped bit, and trusts nothing that it touched', async () => {
    const entries = [entry(0, 0.1), allOk(2)];
    await write(...entries);
    const bytes = readFileSync(path());
    const header = bytes.indexOf('\n');
    const silent: number[] = [];
    for (let bit = 0; bit < 8 * bytes.length; bit += 11) {
      const flipped = Uint8Array.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      writeFileSync(path(), flipped);
      const { past, warnings } = read();
      const inHeader = bit >> 3 <= header;
      const by = inHeader ? { by: { adapter: 'unknown' } } : {};
      const kept = entries.filter(({ batch }) => past.some((one) => one.batch.first === batch.first));
      const right = isDeepStrictEqual(
        past,
        kept.map((one) => ({ ...one, ...by })),
      );
      if (!right || warnings.length !== 1 || kept.length < (inHeader ? 2 : 1)) silent.push(bit);
    }
    expect(silent).toEqual([]);
  });

  it('goes on behind rubbish', async () => {
    await write(entry(0), entry(2));
    const bytes = readFileSync(path());
    const second = bytes.lastIndexOf('\x89TRL', bytes.lastIndexOf('\x89TRL', undefined, 'latin1') - 1, 'latin1');
    writeFileSync(path(), Buffer.concat([bytes.subarray(0, second), Buffer.alloc(5000, 'x'), bytes.subarray(second)]));
    const { past, warnings } = read();
    expect(past).toEqual([entry(0), entry(2)]);
    expect(warnings[0]).toMatch(/journal\.trials in .* bytes \d+ to \d+\. Trials lost with it are drawn again/);
  });

  it('leaves a newer format alone', async () => {
    await write(entry(0));
    const { crc32 } = await import('node:zlib');
    const text = '{"format":"collapse-trials","version":2';
    const line = `${text},"crc32":"${crc32(text).toString(16).padStart(8, '0')}"}\n`;
    const newer = Buffer.concat([
      Buffer.from(line),
      readFileSync(path()).subarray(readFileSync(path()).indexOf('\n') + 1),
    ]);
    writeFileSync(path(), newer);
    expect(read()).toEqual({ past: [], warnings: [expect.stringContaining('a newer collapse-lab reads')] });
    await write(entry(2));
    expect(readFileSync(path())).toEqual(newer);
  });

  it('refuses what nobody can have drawn', async () => {
    const batch = (error: number, status = 0, first = 7): JournalEntry => ({
      job: JOB,
      batch: { first, count: 1, errors: Float64Array.of(error), statuses: Uint8Array.of(status) },
    });
    await write(
      batch(Number.NaN),
      batch(-1, 0, 6),
      batch(1, 9),
      batch(Number.POSITIVE_INFINITY),
      batch(0),
      batch(-1, 1, 8),
    );
    const { past, warnings } = read();
    // What is measured may be a cosine.
    expect(past).toEqual([batch(-1, 0, 6), batch(0), batch(-1, 1, 8)]);
    expect(warnings).toHaveLength(1);
    for (const why of ['the error NaN', 'unknown status 9', 'the error Infinity'])
      expect(warnings[0]).toMatch(new RegExp(`trials 7 to 7 of job ${JOB}: [^;]*${why}`));
  });

  it('is read in little memory, however large', async () => {
    await write(entry(0));
    const record = readFileSync(path());
    truncateSync(path(), 520 * 2 ** 20);
    appendFileSync(path(), record.subarray(record.indexOf('\n') + 1));
    const before = process.memoryUsage().arrayBuffers;
    const { past, warnings } = read();
    expect(past).toEqual([entry(0), entry(0)]);
    expect(warnings).toHaveLength(1);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 2 ** 20);
  });
});

describe('a journal of an old version', () => {
  const line = ({ job, batch }: JournalEntry, more: object = {}) => {
    const base64 = (array: Errors | Uint8Array) => Buffer.from(array.buffer).toString('base64');
    const { first, count } = batch;
    return JSON.stringify({
      job,
      first,
      count,
      errors: base64(batch.errors),
      statuses: base64(batch.statuses),
      ...more,
    });
  };
  const old = () => path('journal.ndjson');

  it('is read line by line, and those refused by name that are no batches', () => {
    const by = { adapter: 'Gerät', tuning: 'portable' };
    const good = [entry(0), entry(2, 0.1)];
    const lines = [
      `\n${line(good[0]!, { by })}`,
      line({ ...good[0]!, batch: { ...good[0]!.batch, first: -4 } }),
      line({ ...good[0]!, batch: { ...good[0]!.batch, count: 3 } }),
      '{"job":"half',
      '[]',
      line(good[1]!),
    ];
    writeFileSync(old(), lines.join('\n'));
    const { past, warnings } = read();
    expect(past).toEqual([{ ...good[0]!, by }, good[1]!]);
    expect(warnings[0]).toMatch(
      /2 trials from -4; .*2 errors and 2 statuses for 3 trials; the line at byte \d+; the line/,
    );
  });

  it('gives its numbers again, any part of them', () => {
    const count = 5;
    const errors = Float64Array.from({ length: 7 * count }, (_, i) => i / 3);
    const statuses = Uint8Array.from(errors, (_, i) => i % 4);
    writeFileSync(old(), `${line(entry(0))}\n${line({ job: JOB, batch: { first: 2, count, errors, statuses } })}\n`);
    const [, stored] = new JournalFile(folder, { resume: true, experiment: 'e' }).past;
    const file = openSync(old(), 'r');
    for (let from = 0; from < errors.length; from++)
      for (let to = from; to <= errors.length; to++) {
        expect(stored!.rows.errors(file, from, to)).toEqual(errors.slice(from, to));
        expect(stored!.rows.statuses(file, from, to)).toEqual(statuses.slice(from, to));
      }
  });

  it('is read in little memory, however large', () => {
    writeFileSync(old(), `${line(entry(0))}\n`);
    truncateSync(old(), 520 * 2 ** 20);
    appendFileSync(old(), `\n${line(entry(2))}\n`);
    const before = process.memoryUsage().arrayBuffers;
    const { past, warnings } = read();
    expect(past).toEqual([entry(0), entry(2)]);
    expect(warnings).toHaveLength(1);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 2 ** 20);
  });
});
