import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Block, Entry, OpenEntry } from '../../bench/block.ts';
import { experimentOf } from '../../bench/cases/trials.ts';
import type { Check, RowHead } from '../../bench/record.ts';
import type { JsonObject } from '../experiment/experiment.ts';
import { checkAgainstTheory } from '../library/report.ts';
import { parseResults } from '../report/results-json.ts';
import { loadExperiment } from './load.ts';
import { experimentsFolder, packageRoot } from './package.ts';

/** Rows of whole commands: a process of its own, start-up, figures and files included, as a user waits for it. */

/** Trials of the reference job as it is defined; fewer where they would take longer than `MOST_SECONDS`. */
const MOST_TRIALS = 20_000;
const MOST_SECONDS = 15;

/** Blocks whose job is also run as a command, whatever sampler `auto` takes. */
const AS_COMMAND: readonly string[] = ['reference job', 'reference job, power law 1.5'];

/** The command's row in a block. */
export function commandEntries({ name, question }: Block): readonly Entry[] {
  if (!AS_COMMAND.includes(name) || question?.case !== 'trial') return [];
  const head: RowHead = { ...question.head, contestant: 'collapse command' };
  return [{ head, open: () => openCommand(experimentOf(question.shape), null) }];
}

/** Figure 1 of arXiv:2402.07712 as `npm run reproduce` draws it: 1000 trials per point. */
export function figureBlock(): Block {
  const head: RowHead = {
    group: 'samplers',
    block: 'figure 1',
    contestant: 'collapse command',
    name: 'figure',
    shape: {},
    unit: 'trial',
    flopsPerUnit: 0,
    bytesPerUnit: 0,
  };
  return { name: 'figure 1', entries: [{ head, open: () => openCommand('demystified-fig1', 1000) }] };
}

/** Runs once to check the results; with `trials` null it finds out how many there is time for. */
async function openCommand(experiment: JsonObject | string, trials: number | null): Promise<OpenEntry> {
  const folder = mkdtempSync(join(tmpdir(), 'collapse-bench-'));
  const close = () => rmSync(folder, { recursive: true });
  try {
    const spec =
      typeof experiment === 'string' ? join(experimentsFolder, `${experiment}.json5`) : join(folder, 'job.json');
    if (typeof experiment !== 'string') writeFileSync(spec, JSON.stringify(experiment));
    const units = trials ?? (await trialsInTime(spec, folder));
    const first = await run(spec, folder, units);
    const check = await checked(spec, folder);
    // The run that was checked is as good as any other.
    let spare: number | null = first;
    const sample = async () => {
      const seconds = spare ?? (await run(spec, folder, units));
      spare = null;
      return seconds;
    };
    return { units, check, note: `start-up included, ${samplersIn(folder)}`, sample, close };
  } catch (error) {
    close();
    throw error;
  }
}

async function trialsInTime(spec: string, folder: string): Promise<number> {
  const startUp = await run(spec, folder, 2);
  let trials = 20;
  let seconds = await run(spec, folder, trials);
  while (seconds < 2 * startUp && trials < MOST_TRIALS) {
    trials = Math.min(MOST_TRIALS, 10 * trials);
    seconds = await run(spec, folder, trials);
  }
  const rate = trials / Math.max(seconds - startUp, 1e-3);
  return Math.max(2, Math.min(MOST_TRIALS, Math.floor(rate * MOST_SECONDS)));
}

/** Seconds from the start of the process to its end. */
function run(spec: string, folder: string, trials: number): Promise<number> {
  const command = join(packageRoot, 'dist', 'cli', 'collapse.js');
  const args = [command, 'run', spec, '--trials', String(trials), '--out', join(folder, 'out'), '--quiet'];
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve((performance.now() - start) / 1000);
      else reject(new Error(`collapse run ended with ${code}`));
    });
  });
}

const resultsIn = (folder: string) => parseResults(readFileSync(join(folder, 'out', 'results.json'), 'utf8'));

async function checked(spec: string, folder: string): Promise<Check> {
  const { cells } = checkAgainstTheory(await loadExperiment(spec), resultsIn(folder));
  const disagreeing = cells.filter(({ verdict }) => verdict === 'disagrees').length;
  return { what: `cells of ${cells.length} that disagree with theory`, value: disagreeing, bound: 0 };
}

const samplersIn = (folder: string) => `drawn by ${Object.keys(resultsIn(folder).manifest.samplers).join(', ')}`;
