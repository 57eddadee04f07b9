/**
 * Plan
 * - A report is all its files, whole, in a folder made on the way, and nothing else (no drafts left behind).
 * - Writing again replaces; a failing write leaves the old file and no draft.
 * - A folder that cannot be made or written is an OutputError that names it and says what to do; so is a full disk.
 * - Names of panels that are no names of files.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fileNameOf, outputError, writeAtomically, writeReport } from '../../src/report/files-node.ts';
import { OutputError } from '../../src/report/output-error.ts';
import { parseResults } from '../../src/report/results-json.ts';
import { RIDGE_PANEL, results, SAMPLES_PANEL, theoryAtCells } from './synthetic.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-'));
});
afterAll(() => rm(folder, { recursive: true }));

const given = results();
const figures = [RIDGE_PANEL, SAMPLES_PANEL].map((panel, i) => {
  const { cells } = given.panels[i]!;
  return { title: panel.name, panel, cells, theory: theoryAtCells(panel, cells), provenance: given.manifest };
});

test('a whole report', async () => {
  const out = join(folder, 'deep', 'out');
  const names = ['results.json', 'table.csv', 'ridge.svg', 'ridge.png', 'samples.svg', 'samples.png'];
  const report = { results: given, figures };
  expect(await writeReport(out, report)).toEqual(names.map((name) => join(out, name)));
  expect((await readdir(out)).sort()).toEqual(names.toSorted());
  expect(parseResults(await readFile(join(out, 'results.json'), 'utf8'))).toEqual(given);
  expect(await readFile(join(out, 'ridge.svg'), 'utf8')).toMatch(/^<svg .*<\/svg>\n$/s);
  await writeReport(out, report);
  expect(await readdir(out)).toHaveLength(6);
});

test('a failing write leaves nothing', async () => {
  const out = join(folder, 'taken');
  await writeAtomically(join(out, 'results.json', 'inner'), 'x');
  await expect(writeAtomically(join(out, 'results.json'), 'y')).rejects.toThrow(/there is a folder of that name/);
  expect(await readdir(out)).toEqual(['results.json']);
});

test('a folder that is a file', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  const failure = writeReport(join(file, 'out'), { results: given, figures });
  await expect(failure).rejects.toThrow(OutputError);
  await expect(failure).rejects.toThrow(`in the folder ${join(file, 'out')}: part of the path is a file`);
});

test('reasons in words', () => {
  const reason = (code: string) => outputError('out/table.csv', Object.assign(new Error('raw'), { code })).message;
  expect(reason('ENOSPC')).toBe(
    'Cannot write out/table.csv in the folder out: the disk is full; free some space or choose another folder.',
  );
  expect(reason('EACCES')).toContain('no permission');
  expect(reason('EWEIRD')).toContain('raw');
});

test('names of files', () => {
  expect(['main', 'n = 3/λ', '../up', '...'].map(fileNameOf)).toEqual(['main', 'n-3-λ', '-up', 'panel']);
});
