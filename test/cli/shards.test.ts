import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { failureOf } from '../../src/cli/failure.ts';
import { processSpace } from '../../src/cli/folder-lock.ts';
import { mergeCommand } from '../../src/cli/merge.ts';
import { runCommand } from '../../src/cli/run.ts';
import { type ShardFlags, shardCommand } from '../../src/cli/shard.ts';
import { readPlan, readRun } from '../../src/cli/shard-files.ts';
import { parseShard } from '../../src/cli/shard-option.ts';
import { statusCommand } from '../../src/cli/status.ts';
import { readStored } from '../../src/cli/stored.ts';
import { TrialsWriter } from '../../src/cli/trials-writer.ts';

/*
 * Plan: the commands `run --shard`, `merge` and `status` on the f64 reference, in this process.
 * - shards in any order, and again: nothing is drawn twice, nothing is written outside of `shards/`, and a complete one opens no device
 * - merged, panels, table and figures are those of one run, byte for byte; the manifest says how many shards there were; trials.parquet too
 * - incomplete: exit 5, the shards by their numbers, two commands; nothing is written; --partial takes what is there and says so
 * - more shards than trials, another number of shards, more trials later, what a run in one piece left: all of it counts
 * - trials that differ in two files: exit 4, both files and hosts by name; by another adapter they may differ, and the manifest says so
 * - damage is said, counts as missing, and the shard draws it again
 * - another experiment, another precision, a missing adapter, options that are not for shards: refused by name
 * - status: complete, stopped, failed with its reason, silent, not begun; exit 0 and 5
 */

// The build fills in version and commit, and figures print them.
vi.mock('../../src/cli/package.ts', async (original) => ({
  ...(await original<typeof import('../../src/cli/package.ts')>()),
  ...{ packageVersion: '0.0.0', packageCommit: null },
}));

const EXPERIMENT = {
  name: 'cut',
  regime: 'replace',
  dimension: 4,
  generator: { samples: 12, noise: 0.2 },
  downstream: { samples: [8, 16], noise: 0.1, ridge: 0.1 },
  generations: 1,
  sampler: 'direct',
  trials: 150,
  panels: [
    { name: 'error', figure: { x: 'downstream.samples' } },
    { name: 'terms', trials: 20, figure: { x: 'downstream.samples', y: 'variance' } },
  ],
};

let home: string;
let folder: string;
let stdout: string;
let stderr: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'collapse-cut-'));
  folder = join(home, 'many');
  writeFileSync(join(home, 'file.json5'), JSON.stringify(EXPERIMENT));
  [stdout, stderr] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

const file = () => join(home, 'file.json5');

function shard(text: string, flags: Partial<ShardFlags> = {}): Promise<number> {
  return shardCommand(file(), { shard: parseShard(text), out: folder, backend: 'reference', quiet: true, ...flags });
}

const all = async (count: number, flags: Partial<ShardFlags> = {}) => {
  for (let i = count; i >= 1; i--) expect(await shard(`${i}/${count}`, flags)).toBe(0);
};

/** What a command fails with, as the user sees it. */
async function failing(command: () => Promise<unknown> | unknown): Promise<{ exit: number; message: string }> {
  try {
    await command();
  } catch (error) {
    return failureOf(error);
  }
  throw new Error('It did not fail.');
}

const one = (out: string, flags: object = {}) =>
  runCommand(file(), { out, backend: 'reference', quiet: true, ...flags });
const read = (out: string, name: string) => readFileSync(join(out, name));
const resultsIn = (out: string) => JSON.parse(read(out, 'results.json').toString());

function expectSame(other: string): void {
  for (const name of ['table.csv', 'error.svg', 'error.png', 'terms.svg'])
    expect(read(folder, name).equals(read(other, name)), name).toBe(true);
  expect(JSON.stringify(resultsIn(folder).panels)).toBe(JSON.stringify(resultsIn(other).panels));
}

/** All attempts, by their names in `shards/`. */
const attempts = () =>
  readdirSync(join(folder, 'shards'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.trials'))
    .sort();

/** Trials in a file, over all its jobs. */
const trialsIn = (name: string) =>
  [...readStored(join(folder, 'shards', name), [])].reduce((sum, { batch }) => sum + batch.count, 0);

describe('shards', () => {
  it('merge to what one run writes', async () => {
    await one(join(home, 'one'), { trialsFile: true });
    await all(3);
    expect(readdirSync(folder)).toEqual(['shards']);
    expect(attempts()).toHaveLength(3);
    expect(attempts().map(trialsIn).sort()).toEqual([56, 57, 57]);
    expect(await mergeCommand(folder, { quiet: true, trialsFile: true })).toBe(0);
    expectSame(join(home, 'one'));
    expect(read(folder, 'trials.parquet').length).toBeGreaterThan(1000);
    const { manifest } = resultsIn(folder);
    expect(manifest.shards).toEqual({ count: 3 });
    const { start: _, end: __, shards: ___, ...rest } = manifest;
    expect(resultsIn(join(home, 'one')).manifest).toMatchObject(rest);
    expect(stdout).toMatch(/PASS/);
    expect(statusCommand(folder, {})).toBe(0);
    expect(stdout).toMatch(/170 of 170 trials \(100 %\)\n\s*3 of 3 complete: 1-3\nComplete: collapse merge/);
  });

  it('that are complete open no device and draw nothing', async () => {
    await all(2);
    const before = attempts();
    vi.stubEnv('COLLAPSE_ADAPTER', 'nonsense');
    await all(2, { quiet: false });
    expect(await shardCommand(folder, { shard: { index: 1, count: 2 } })).toBe(0);
    expect(attempts()).toEqual(before);
    expect(stderr).toMatch(/Shard 1\/2 in .* is complete/);
  });

  it('that are missing are named, with the commands that draw them', async () => {
    const nothing = await failing(() => mergeCommand(home, {}));
    expect(nothing).toMatchObject({ exit: 2, message: expect.stringMatching(/holds no run in shards/) });
    for (const i of [1, 2, 4, 9]) await shard(`${i}/9`);
    const { exit, message } = await failing(() => mergeCommand(folder, {}));
    expect(exit).toBe(5);
    expect(message).toMatch(/^Shards 3, 5-8 of 9 are incomplete: 95 of 170 trials are missing\.\n/);
    expect(message).toContain(`\`collapse submit ${folder}\`, or \`collapse run ${folder} --shard 3/9\``);
    expect(readdirSync(folder)).toEqual(['shards']);
    expect(statusCommand(folder, {})).toBe(5);
    expect(stdout).toMatch(/5 of 9 not begun: 3, 5-8/);
    expect(await mergeCommand(folder, { partial: true })).toBe(0);
    expect(resultsIn(folder).manifest.shards).toEqual({ count: 9, missing: [3, 5, 6, 7, 8] });
    expect(stdout).toMatch(/INCOMPLETE: without all trials of 5 of the 9 shards\./);
    expect(read(folder, 'error.svg').toString()).toMatch(/INCOMPLETE/);
  });

  it('may be more than there are trials', async () => {
    await one(join(home, 'one'), { trials: 3 });
    await all(7, { trials: 3 });
    expect(await mergeCommand(folder, { quiet: true })).toBe(0);
    expectSame(join(home, 'one'));
  });

  it('count whatever else drew their trials', async () => {
    await one(folder, { trials: 40 });
    rmSync(join(folder, 'results.json'));
    await shard('2/3');
    await shard('1/5', { trials: 300 });
    const drawn = attempts().map(trialsIn);
    await all(4, { trials: 300 });
    const later = attempts()
      .filter((name) => name.includes('of-0004'))
      .map(trialsIn);
    // Two panels; the run in one piece drew 40 trials of each.
    const sum = [...drawn, ...later].reduce((a, b) => a + b, 0);
    expect(sum).toBe(2 * (300 - 40));
    await one(join(home, 'one'), { trials: 300 });
    expect(await mergeCommand(folder, { quiet: true })).toBe(0);
    expectSame(join(home, 'one'));
  });

  it('that were drawn twice are compared bit for bit', async () => {
    await all(2);
    const [name] = attempts();
    const stored = [...readStored(join(folder, 'shards', name!), [])];
    const copy = async (path: string, by?: { adapter: string }) => {
      const writer = new TrialsWriter(
        join(folder, 'shards', '0001-of-0002', path),
        { experiment: '', host: 'elsewhere', pid: 1, start: '', by },
        '',
      );
      for (const { job, batch } of stored) {
        const errors = batch.errors.slice();
        errors[0] = errors[0]! * (1 + 2 ** -52);
        writer.append({ job, batch: { ...batch, errors } });
      }
      await writer.close();
    };
    await copy('0-other.trials', { adapter: 'another device' });
    expect(await mergeCommand(folder, { quiet: true })).toBe(0);
    await copy('9-same.trials');
    const { exit, message } = await failing(() => mergeCommand(folder, {}));
    expect(exit).toBe(4);
    expect(message).toMatch(
      /^Trial 0 of job [0-9a-f]{16} was drawn twice, and differs: in .*9-same\.trials \(by the f64 reference on elsewhere\) and in .*\.trials \(by the f64 reference on .*\)/,
    );
  });

  it('that were damaged are said, missing, and drawn again', async () => {
    await one(join(home, 'one'));
    await all(2);
    const path = join(folder, 'shards', attempts()[0]!);
    const bytes = readFileSync(path);
    bytes[bytes.indexOf('\n') + 60]! ^= 1;
    writeFileSync(path, bytes);
    const { exit, message } = await failing(() => mergeCommand(folder, {}));
    expect([exit, message.split('\n')[0]]).toEqual([5, expect.stringMatching(/^Shard 1 of 2 is incomplete/)]);
    expect(stderr).toMatch(
      /cannot be trusted in full: trials 0 to \d+ of job .*\. What is lost with it counts as missing/,
    );
    await all(2);
    expect(stderr).toMatch(/What this shard lost with it is drawn again/);
    expect(await mergeCommand(folder, { quiet: true })).toBe(0);
    expectSame(join(home, 'one'));
  });

  it('are refused where they do not belong', async () => {
    await shard('1/2');
    expect(await failing(() => shard('2/2', { seed: 9 }))).toMatchObject({
      exit: 2,
      message: expect.stringMatching(
        /holds the shards of another experiment: cut \([0-9a-f]{16}\), not cut \([0-9a-f]{16}\)/,
      ),
    });
    expect(await failing(() => shard('2/2', { backend: 'node' }))).toMatchObject({
      exit: 2,
      message: expect.stringMatching(/drawn with --backend reference, and --backend node/),
    });
    expect(await failing(() => shardCommand(folder, { shard: { index: 1, count: 2 }, trials: 5 }))).toMatchObject({
      exit: 2,
      message: expect.stringMatching(/--trials changes an experiment/),
    });
    vi.stubEnv('COLLAPSE_ADAPTER', 'none');
    const other = join(home, 'gpu');
    expect(await failing(() => shard('1/2', { backend: 'node', out: other }))).toMatchObject({
      exit: 3,
      message: expect.stringMatching(/^No WebGPU adapter here, and a shard falls back to no other precision/),
    });
    expect(statusCommand(other, {})).toBe(5);
    expect(stdout).toMatch(/1 of 2 failed: 1\n\s*1 of 2 not begun: 2\nLast failure: shard 1 on .*: No WebGPU adapter/);
    for (const text of ['0/3', '4/3', '1/0', '3', '1/x', '-1/3', '1/100001'])
      expect(() => parseShard(text), text).toThrow(/need I\/N/);
  });

  it('that were killed are silent, and what they finished counts', async () => {
    await all(2);
    const [, name] = attempts();
    const [stored] = readStored(join(folder, 'shards', name!), []);
    rmSync(join(folder, 'shards', name!));
    const header = { experiment: '', host: hostname(), space: processSpace()!, start: new Date().toISOString() };
    const begin = (file: string, pid: number) =>
      new TrialsWriter(join(folder, 'shards', '0002-of-0002', file), { ...header, pid }, '');
    const dead = begin('1.trials', 2 ** 23);
    dead.append(stored!);
    await dead.close();
    expect(statusCommand(folder, { json: true })).toBe(5);
    const drawn = 170 - trialsMissing();
    expect(drawn).toBe(85 + stored!.batch.count);
    expect(JSON.parse(stdout)).toMatchObject({ shards: 2, states: { complete: [1], silent: [2] }, hosts: [] });
    stdout = '';
    const alive = begin('2.trials', process.pid);
    statusCommand(folder, { json: true });
    expect(JSON.parse(stdout)).toMatchObject({ states: { complete: [1], running: [2] }, hosts: [hostname()] });
    await alive.close();
  });
});

const trialsMissing = () => {
  const { trials, of } = JSON.parse(stdout);
  return of - trials;
};

it('run.json and plan.json say what all shards share', async () => {
  await all(2);
  expect(readRun(folder)).toMatchObject({ shards: 2, backend: 'reference', tuning: null });
  expect(readPlan(folder)).toMatchObject({
    precision: 'f64',
    adapter: null,
    jobs: [{ panel: 'error' }, { panel: 'terms' }],
  });
  const copy = join(home, 'copy');
  mkdirSync(copy);
  cpSync(folder, copy, { recursive: true });
  expect(existsSync(join(copy, 'shards', 'run.json'))).toBe(true);
  expect(await mergeCommand(copy, { quiet: true })).toBe(0);
});
