/**
 * Plan. Trainings that end in their midst, by the command that was built:
 * - kill -9, then --resume: the table of a run that nothing happened to, byte for byte, and the training went on from what was kept; nothing is left
 *   of the checkpoint once the run is complete
 * - Ctrl-C keeps where it stopped, and so does --resume go on from there
 * - a checkpoint that is cut short, of another device or of another experiment is said and begun anew, with the same table
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const FILE = {
  name: 'training',
  regime: 'divisors',
  ...{ base: 3, digits: 3, answers: 12, network: { width: 32, hidden: 20 }, tests: 128, measure: 'loss' },
  training: { examples: 64 * 1200, batch: 64, rate: 0.01 },
  generator: { known: [1, 3] },
  synthetic: [0, 0.5],
  trials: 2,
};

let home: string;
let whole: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'collapse-checkpoint-'));
  writeFileSync(join(home, 'training.json5'), JSON.stringify(FILE));
  await ended(run('whole'));
  whole = tableOf('whole');
}, 120_000);
afterAll(() => rmSync(home, { recursive: true }));

const checkpointOf = (out: string) => join(home, out, 'under-way.checkpoint');
const tableOf = (out: string) => readFileSync(join(home, out, 'table.csv'), 'utf8');

function run(out: string, ...more: string[]): ChildProcess {
  const args = ['dist/cli/collapse.js', 'run', join(home, 'training.json5'), '--out', join(home, out), ...more];
  const env = { ...process.env, COLLAPSE_CHECKPOINT_SECONDS: '0.2' };
  return spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
}

/** What it said. */
async function ended(child: ChildProcess): Promise<string> {
  let said = '';
  child.stderr!.on('data', (text) => {
    said += text;
  });
  await once(child, 'close');
  return said;
}

/** A run that is ended by this signal once a checkpoint is there. */
async function endedBy(signal: NodeJS.Signals, out: string): Promise<void> {
  const child = run(out);
  const end = ended(child);
  const watch = setInterval(() => {
    if (existsSync(checkpointOf(out))) child.kill(signal);
  }, 20);
  await end;
  clearInterval(watch);
  expect(existsSync(checkpointOf(out))).toBe(true);
  expect(existsSync(join(home, out, 'journal.trials'))).toBe(false);
}

it.each(['SIGKILL', 'SIGINT'] as const)('%s costs what was done since the last checkpoint', async (signal) => {
  await endedBy(signal, signal);
  const said = await ended(run(signal, '--resume'));
  expect(said).toMatch(/Going on with the training under way, after \d+ of its steps/);
  expect(tableOf(signal)).toBe(whole);
  expect(existsSync(checkpointOf(signal))).toBe(false);
});

/** Changes the first line of a checkpoint. */
function altered(path: string, change: (header: Record<string, unknown>) => object): void {
  const file = readFileSync(path);
  const end = file.indexOf('\n');
  const header = change(JSON.parse(file.subarray(0, end).toString()));
  writeFileSync(path, Buffer.concat([Buffer.from(JSON.stringify(header)), file.subarray(end)]));
}

it.each([
  ['torn', 'it is damaged', (path: string) => truncateSync(path, 3000)],
  ['foreign', 'it is of another experiment', (path: string) => altered(path, (header) => ({ ...header, job: '0' }))],
  [
    'moved',
    'it was computed by Another card',
    (path: string) => altered(path, (header) => ({ ...header, by: { adapter: 'Another card' } })),
  ],
])('one that is %s is not taken up', async (out, why, change) => {
  await endedBy('SIGINT', out);
  change(checkpointOf(out));
  const said = await ended(run(out, '--resume'));
  expect(said).toContain(why);
  expect(said).toContain('begins anew');
  expect(tableOf(out)).toBe(whole);
});
