import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { JournalFile } from '../../src/cli/journal-file.ts';
import type { JournalEntry } from '../../src/engine/journal.ts';

/*
 * Plan: the journal on disk loses no finished batch.
 * - what is appended is read back by a resuming run, number for number, NaN included
 * - half a line, as a crash leaves it, costs that line alone: batches before it and after the resume are kept
 * - a run that appends nothing leaves an earlier journal as it is; one that does and does not resume begins anew
 */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'collapse-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const entry = (first: number): JournalEntry => ({
  job: 'job',
  batch: { first, count: 2, errors: Float64Array.of(0.1 + first, Number.NaN), statuses: Uint8Array.of(0, 2) },
});

function write(resume: boolean, ...firsts: number[]): readonly JournalEntry[] {
  const journal = new JournalFile(folder, resume);
  for (const first of firsts) journal.append(entry(first));
  journal.close();
  return journal.past;
}

it('reads back what was appended', () => {
  expect(write(false, 0, 2)).toEqual([]);
  expect(write(true)).toEqual([entry(0), entry(2)]);
});

it('loses half a line and nothing else to a crash', () => {
  write(false, 0, 2);
  const path = join(folder, 'journal.ndjson');
  writeFileSync(path, readFileSync(path, 'utf8').slice(0, -20));
  expect(write(true, 2, 4)).toEqual([entry(0)]);
  expect(write(true)).toEqual([entry(0), entry(2), entry(4)]);
});

it('begins anew with the first batch, not before', () => {
  write(false, 0);
  write(false);
  expect(write(true)).toEqual([entry(0)]);
  write(false, 6);
  expect(write(true)).toEqual([entry(6)]);
});
