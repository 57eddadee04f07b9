import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { JournalFile } from '../../src/cli/journal-file.ts';
import { runCommand } from '../../src/cli/run.ts';
import type { CellResult, Results } from '../../src/experiment/results.ts';
import type { Errors } from '../../src/program/trials.ts';

/*
 * Plan: runs one after another in one folder, on the f64 reference.
 * - more or fewer trials than before: results and trials.parquet are those of one run, trial by trial, and have the same trials
 * - a journal with gaps, overlaps and doubles: only what is missing is drawn, and the results are the same bits
 * - the same command twice without --resume works, and what either drew is still there
 * - the journal of an old version is gone on from
 * - panels that share their draws, and those that draw terms, have their trials in trials.parquet
 * - results of another setting are refused with what differs, also with --resume, and replaced by --force; no figure and no trials of the
 *   run before stay beside new results; another title or more trials are no other setting
 * - two at a time: the second is refused by name, the first is not disturbed
 * - trials.parquet that cannot be written costs neither results nor table
 */

// The build fills in version and commit, and figures print them.
vi.mock('../../src/cli/package.ts', async (original) => ({
  ...(await original<typeof import('../../src/cli/package.ts')>()),
  packageVersion: '0.0.0',
  packageCommit: null,
}));

const OVERLAP = {
  name: 'overlap',
  regime: 'replace',
  dimension: 5,
  generator: { samples: 14, noise: 0.2 },
  downstream: { samples: 16, noise: 0.1, ridge: [0.1, 1] },
  generations: [0, 1],
  sampler: 'direct',
};

let home: string;
let stderr: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'collapse-again-'));
  stderr = '';
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(home, { recursive: true });
});

interface Flags {
  readonly force?: boolean;
  readonly resume?: boolean;
  readonly trialsFile?: boolean;
}

const folderOf = (out: string) => join(home, out);

async function run(out: string, trials: number, flags: Flags = {}, experiment: object = OVERLAP): Promise<number> {
  const file = join(home, 'file.json5');
  writeFileSync(file, JSON.stringify(experiment));
  return runCommand(file, { out: folderOf(out), backend: 'reference', trials, ...flags });
}

const resultsIn = (out: string): Results => JSON.parse(readFileSync(join(folderOf(out), 'results.json'), 'utf8'));
const panelsIn = (out: string) => resultsIn(out).panels;

const filesIn = (out: string) =>
  readdirSync(folderOf(out))
    .filter((name) => !name.startsWith('journal'))
    .sort();

describe('a folder with results', () => {
  const panels = (name: string, noise: number) => ({
    ...OVERLAP,
    panels: [{ name }, { name: 'low', generator: { samples: 14, noise } }],
  });

  it('is not for another setting', async () => {
    await run('here', 4, { trialsFile: true }, panels('one', 0.1));
    const before = resultsIn('here');
    for (const flags of [{}, { resume: true }])
      await expect(run('here', 4, flags, panels('one', 0.3))).rejects.toMatchObject({
        exit: 2,
        message: expect.stringMatching(
          /another setting: low: generator\.noise 0\.1 there, 0\.3 here\.\n.*here-noise-0\.3/,
        ),
      });
    await expect(run('here', 4, {}, { ...panels('one', 0.1), seed: 7, dimension: 6 })).rejects.toThrow(
      'dimension 5 there, 6 here; seed 1 there, 7 here',
    );
    expect(resultsIn('here')).toEqual(before);
    await run('here', 6, {}, { ...panels('one', 0.1), title: 'Another title' });
    expect(filesIn('here')).toEqual(['low.png', 'low.svg', 'one.png', 'one.svg', 'results.json', 'table.csv']);
    await run('here', 4, { force: true }, panels('two', 0.3));
    expect(filesIn('here')).toEqual(['low.png', 'low.svg', 'results.json', 'table.csv', 'two.png', 'two.svg']);
  });
});

type Row = Readonly<Record<string, number | string | null>>;

async function rowsIn(out: string): Promise<readonly Row[]> {
  const bytes = readFileSync(join(folderOf(out), 'trials.parquet'));
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  return (await parquetReadObjects({ file })) as Row[];
}

/** Every cell of the results has its trials in order, and their mean is its mean. */
async function expectRowsToBeTheResults(out: string): Promise<void> {
  const rows = await rowsIn(out);
  const of = (panel: string, { at }: CellResult) =>
    rows.filter((row) => row.panel === panel && Object.entries(at).every(([path, value]) => row[path] === value));
  let counted = 0;
  for (const { name, cells } of panelsIn(out)) {
    for (const cell of cells) {
      const own = of(name, cell);
      counted += own.length;
      expect(own).toHaveLength(cell.trials + cell.failed);
      expect(own.map(({ trial }) => trial)).toEqual(own.map((_, i) => i));
      const errors = own.map(({ error }) => error as number).filter((error) => error !== null);
      expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeCloseTo(cell.mean, 12);
    }
  }
  expect(rows).toHaveLength(counted);
}

describe('runs one after another', () => {
  it('count the trials that are asked for, however many there were', async () => {
    await run('a', 60);
    for (const trials of [30, 200, 300]) expect(await run('a', trials, { resume: true, trialsFile: true })).toBe(0);
    for (const [out, trials] of [
      ['few', 30],
      ['many', 300],
    ] as const)
      await run(out, trials, { trialsFile: true });
    expect(panelsIn('a')).toEqual(panelsIn('many'));
    expect(await rowsIn('a')).toEqual(await rowsIn('many'));
    await expectRowsToBeTheResults('a');
    await run('a', 30, { resume: true, trialsFile: true });
    expect(panelsIn('a')).toEqual(panelsIn('few'));
    expect(await rowsIn('a')).toEqual(await rowsIn('few'));
  });

  it('fill gaps and take nothing twice', async () => {
    await run('whole', 90, { trialsFile: true });
    const [stored] = new JournalFile(folderOf('whole'), { resume: true, experiment: '' }).past;
    const { job, batch } = stored!;
    const part = (first: number, end: number) => {
      const count = end - first;
      const pick = <T extends Errors | Uint8Array>(from: T) =>
        Array.from({ length: 4 * count }, (_, i) => from[Math.floor(i / count) * batch.count + first + (i % count)]!);
      const errors = Float64Array.from(pick(batch.errors));
      return { job, batch: { first, count, errors, statuses: Uint8Array.from(pick(batch.statuses)) } };
    };
    expect(batch.count).toBeGreaterThanOrEqual(60);
    mkdirSync(folderOf('holes'));
    const journal = new JournalFile(folderOf('holes'), { resume: false, experiment: '' });
    for (const [first, end] of [
      [40, 50],
      [10, 20],
      [15, 45],
      [10, 20],
      [55, 56],
    ] as const)
      journal.append(part(first, end));
    await journal.close();
    expect(await run('holes', 90, { resume: true, trialsFile: true })).toBe(0);
    expect(panelsIn('holes')).toEqual(panelsIn('whole'));
    expect(await rowsIn('holes')).toEqual(await rowsIn('whole'));
    const [first, last] = [...new JournalFile(folderOf('holes'), { resume: true, experiment: '' }).past]
      .slice(0, 3)
      .map((one) => one.batch)
      .flatMap(({ first, count }) => [first, count]);
    expect([first, last]).toEqual([0, 10]);
  });

  it('leave what the other drew', async () => {
    for (const trials of [50, 20]) expect(await run('twice', trials)).toBe(0);
    expect(resultsIn('twice').panels[0]!.cells[0]!.trials).toBe(20);
    expect(readdirSync(folderOf('twice')).filter((name) => name.endsWith('.trials'))).toHaveLength(2);
    stderr = '';
    await run('twice', 50, { resume: true });
    expect(stderr).not.toMatch(/trials\/s/);
    await run('once', 50);
    expect(panelsIn('twice')).toEqual(panelsIn('once'));
  });

  it('go on from the journal of an old version', async () => {
    await run('new', 40, { trialsFile: true });
    const base64 = (array: Errors | Uint8Array) => Buffer.from(array.buffer).toString('base64');
    const lines = [...new JournalFile(folderOf('new'), { resume: true, experiment: '' }).past].map(({ job, batch }) => {
      const { first, count, errors, statuses } = batch;
      return `\n${JSON.stringify({ job, first, count, errors: base64(errors), statuses: base64(statuses) })}\n`;
    });
    mkdirSync(folderOf('old'));
    writeFileSync(join(folderOf('old'), 'journal.ndjson'), lines.join(''));
    await run('old', 40, { resume: true, trialsFile: true });
    expect(readdirSync(folderOf('old')).filter((name) => name.startsWith('journal'))).toEqual(['journal.ndjson']);
    expect(panelsIn('old')).toEqual(panelsIn('new'));
    expect(await rowsIn('old')).toEqual(await rowsIn('new'));
  });

  it('have the trials of panels that share them, and of those with terms', async () => {
    const panels = [
      { name: 'one', figure: { x: 'downstream.ridge' } },
      { name: 'same', trials: 25 },
      { name: 'parts', figure: { x: 'downstream.ridge', y: 'variance' } },
    ];
    const { sampler: _, ...shared } = { ...OVERLAP, panels, trials: 40 };
    const file = join(home, 'file.json5');
    writeFileSync(file, JSON.stringify(shared));
    await runCommand(file, { out: folderOf('panels'), backend: 'reference', trialsFile: true });
    expect(panelsIn('panels').map(({ cells }) => cells[0]!.trials)).toEqual([40, 25, 40]);
    await expectRowsToBeTheResults('panels');
  });
});

it('refuses a second run in a folder, and lets the first end', async () => {
  const first = run('shared', 400, {}, { ...OVERLAP, dimension: 30 });
  await vi.waitFor(() => expect(existsSync(join(folderOf('shared'), 'run.lock'))).toBe(true));
  await expect(run('shared', 10)).rejects.toThrow(/Another run writes into .*shared: process \d+ on /);
  expect(await first).toBe(0);
  expect(panelsIn('shared')[0]!.cells[0]!.trials).toBe(400);
  expect(existsSync(join(folderOf('shared'), 'run.lock'))).toBe(false);
  expect(await run('shared', 10, { force: true })).toBe(0);
});

it('keeps results and table where trials.parquet cannot be written', async () => {
  mkdirSync(join(folderOf('blocked'), 'trials.parquet'), { recursive: true });
  await expect(run('blocked', 20, { trialsFile: true })).rejects.toThrow(/trials\.parquet/);
  expect(panelsIn('blocked')[0]!.cells[0]!.trials).toBe(20);
  for (const file of ['table.csv', 'main.svg']) expect(existsSync(join(folderOf('blocked'), file))).toBe(true);
  expect(existsSync(join(folderOf('blocked'), 'run.lock'))).toBe(false);
});
