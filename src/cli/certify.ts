import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { type CertifiedJob, certified } from '../engine/certify.ts';
import { type TrialRange, trialsIn } from '../engine/coverage.ts';
import type { DrawnJob } from '../engine/drawn-jobs.ts';
import { misstatements } from '../engine/misstated.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { Certificate, Results } from '../experiment/results.ts';
import { eventLoop } from '../plan/turns.ts';
import { writeAtomically } from '../report/files-node.ts';
import { jsonOf, resultsJson } from '../report/results-json.ts';
import { samplersWith } from '../samplers/index.ts';
import type { Sampler } from '../samplers/sampler.ts';
import { integers } from '../statistics/integers.ts';
import { certificateRows, certificateSentence, type MisstatedCell, misstatedLines } from './certificate-text.ts';
import { readRun } from './check.ts';
import { folderOf } from './compare.ts';
import { CliError, Exit } from './exit.ts';
import { holdFolder } from './folder-lock.ts';
import { imagesFromDisk } from './images-file.ts';
import { ProgressLine } from './progress.ts';
import { StoredCells } from './stored-cells.ts';
import { complain, print } from './streams.ts';

export interface CertifyFlags {
  /** Of each job. */
  readonly trials?: number;
  /** What they are chosen by; nobody knows beforehand where absent. */
  readonly seed?: number;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** Few enough for a look, and a sampler that is wrong in one trial of two is found in all but one of 32. */
const TRIALS = 5;

/**
 * `collapse certify DIR`: replays random trials of every job in f64, holds each recorded test error against the f32 bound of its
 * sampler, and every mean and median against the recorded trials; notes the outcome in `results.json`, from where captions have it.
 * Resolves to 1 where anything is beyond. Throws a `CliError` where the folder's trials cannot be replayed.
 */
export async function certifyCommand(spec: string, flags: CertifyFlags): Promise<Exit> {
  const folder = await folderOf(spec);
  const leave = holdFolder(folder);
  try {
    return await certifyIn(folder, flags);
  } finally {
    leave();
  }
}

async function certifyIn(folder: string, flags: CertifyFlags): Promise<Exit> {
  const line = new ProgressLine(flags.quiet);
  const { experiment, results } = readRun(folder);
  const stored = new StoredCells(folder, experiment, results, complain);
  try {
    const { trials = TRIALS, seed = randomInt(2 ** 32) } = flags;
    const jobs = await replayed({ stored, results, trials, seed, line });
    const cells = misstatedCells(experiment, results, stored);
    const certificate = certificateOf(jobs, cells, seed);
    await writeAtomically(
      join(folder, 'results.json'),
      resultsJson({ ...results, manifest: { ...results.manifest, certificate } }),
    );
    const ok = certificate.beyond === 0 && cells.length === 0;
    if (flags.json)
      print(jsonOf({ ok, folder, ...certificate, jobs: jobs.map((job) => placed(job, experiment)), cells }, 2));
    else
      print([certificateRows(jobs, experiment), ...misstatedLines(cells), certificateSentence(certificate)].join('\n'));
    return ok ? Exit.ok : Exit.checkFailed;
  } finally {
    line.end();
    stored.close();
  }
}

interface Replaying {
  readonly stored: StoredCells;
  readonly results: Results;
  readonly trials: number;
  readonly seed: number;
  readonly line: ProgressLine;
}

async function replayed({ stored, results, trials, seed, line }: Replaying): Promise<readonly CertifiedJob[]> {
  const samplers = samplersWith(imagesFromDisk());
  const random = integers(seed);
  const replays = stored.jobs.map((drawn, j) => ({
    drawn,
    sampler: samplerOf(drawn, results, samplers),
    trials: chosen(rangesOf(drawn, results, stored.counted(j)), trials, random),
  }));
  const absent = replays.find((replay) => replay.trials.length === 0);
  if (absent)
    throw new CliError(
      Exit.wrongExperiment,
      `No recorded trials of panel ${absent.drawn.panel}: they are in the journals that collapse run writes beside results.json.`,
    );
  const some = stored.some(replays.map((replay) => replay.trials));
  try {
    const steps = certified(replays, some, results.manifest.adapter === null ? 'f64' : 'f32');
    for (;;) {
      const step = await steps.next();
      if (step.done) return step.value;
      line.show(step.value);
      await eventLoop();
    }
  } finally {
    line.end();
    some.close();
  }
}

/** Throws a `CliError` where this program draws other numbers than those recorded. */
function samplerOf(
  { sampler: name }: DrawnJob,
  { manifest }: Results,
  samplers: ReadonlyMap<string, Sampler>,
): Sampler {
  const sampler = samplers.get(name);
  const version = manifest.samplers[name];
  if (sampler?.version === version) return sampler!;
  const own = sampler ? `version ${sampler.version} of it` : 'no such sampler';
  throw new CliError(
    Exit.wrongExperiment,
    `Drawn by ${name} version ${version}, by collapse-lab ${manifest.version}; this program has ${own} and cannot replay the trials.`,
  );
}

/** Trials that the results count, of those that are recorded. */
function rangesOf(
  { panel, cells }: DrawnJob,
  { panels }: Results,
  recorded: readonly TrialRange[],
): readonly TrialRange[] {
  const { trials, failed } = panels.find(({ name }) => name === panel)!.cells[cells[0]!]!;
  const counted: TrialRange[] = [];
  let left = trials + failed;
  for (const { first, end } of recorded) {
    if (left > 0) counted.push({ first, end: Math.min(end, first + left) });
    left -= end - first;
  }
  return counted;
}

/** So many trials at random, or all if there are no more; ascending. */
function chosen(ranges: readonly TrialRange[], most: number, random: () => number): readonly number[] {
  const all = trialsIn(ranges);
  const picked = new Set<number>();
  while (picked.size < Math.min(most, all)) picked.add(random() % all);
  return [...picked].map((place) => placeIn(ranges, place)).sort((a, b) => a - b);
}

function placeIn(ranges: readonly TrialRange[], place: number): number {
  let before = 0;
  for (const { first, end } of ranges) {
    if (place < before + end - first) return first + place - before;
    before += end - first;
  }
  throw new RangeError(`There are ${before} trials, no ${place}.`);
}

function misstatedCells(experiment: Experiment, results: Results, stored: StoredCells): readonly MisstatedCell[] {
  return stored.jobs.flatMap((drawn, j) => {
    const { panel: name } = drawn;
    const panel = experiment.panels.find((one) => one.name === name)!;
    const ranges = rangesOf(drawn, results, stored.counted(j));
    return drawn.cells.flatMap((i) => {
      const errors = stored.of(name, i, null) ?? new Float64Array();
      const counted = ranges.flatMap(({ first, end }) => [...errors.subarray(first, end)]);
      const cell = results.panels.find((one) => one.name === name)!.cells[i]!;
      const found = misstatements(cell, Float64Array.from(counted));
      return found.map((one) => ({ panel: name, at: panel.cells[i]!.at, ...one }));
    });
  });
}

function certificateOf(jobs: readonly CertifiedJob[], cells: readonly MisstatedCell[], seed: number): Certificate {
  const sum = (count: (job: CertifiedJob) => number) => jobs.reduce((total, job) => total + count(job), 0);
  return {
    trials: jobs.reduce((most, { trials }) => Math.max(most, trials.length), 0),
    seed,
    compared: sum(({ compared }) => compared),
    beyond: sum(({ beyond }) => beyond),
    misstated: new Set(cells.map(({ panel, at }) => JSON.stringify([panel, at]))).size,
    ratio: jobs.reduce((most, { worst }) => Math.max(most, worst?.ratio ?? 0), 0),
  };
}

/** With the place of the cell in place of its index. */
function placed({ worst, ...job }: CertifiedJob, { panels }: Experiment) {
  if (!worst) return { ...job, worst };
  const { cell, ...deviation } = worst;
  return { ...job, worst: { at: panels.find(({ name }) => name === job.panel)!.cells[cell]!.at, ...deviation } };
}
