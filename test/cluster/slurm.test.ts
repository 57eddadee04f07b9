import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/*
 * Plan: the built command on a real Slurm (`slurm.sh`; left out where there is none). One experiment on the f64 reference, two shards in a
 * folder of its own for each of these, all at once, each on its own node; every time the merged table.csv is that of one run, byte for byte.
 * - an array and the merge that waits for it; submitted a second time at once, nothing more is submitted; a folder of hostile name
 * - a node loses its power and returns: its shard is queued again and goes on
 * - a worker is killed (-9): its task fails, merge says 5 and names the shard, `submit DIR` sends this one alone
 * - a time limit: the shard is saved, queues itself again and goes on
 * - preemption: saved, queued again by Slurm, goes on
 * - scancel: saved, not queued again; `status` says stopped, `submit DIR` goes on
 */

const root = join(import.meta.dirname, '../..');
const command = join(root, 'dist/cli/collapse.js');
const slurm = process.env.SLURM_CONF !== undefined;

const home = mkdtempSync(join(tmpdir(), 'collapse-slurm-'));
const file = join(home, 'cluster.json5');
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Half a second to the first batch of a shard, and some more after it. */
const EXPERIMENT = {
  name: 'cluster',
  regime: 'replace',
  dimension: 30,
  generator: { samples: 60, noise: 0.2 },
  downstream: { samples: [40, 80], noise: 0.1, ridge: 0.1 },
  generations: 1,
  sampler: 'direct',
  trials: 4000,
};

/**
 * Holds the first attempt at shard 1 once it has a batch, until it is told to end: what is to happen to it finds it alive. That a signal
 * waits for a process that is held shows in its status (SIGTERM: 0x4000).
 */
const HOLD = `
own=$dir/shards/0001-of-0002
[ "$SLURM_ARRAY_TASK_ID" != 1 ] || [ -e "$own" ] || (
  trap 'pkill -CONT -P $$ -f collapse.js; exit' TERM
  while kill -0 $$; do
    sleep 0.05
    worker=$(pgrep -P $$ -f collapse.js) || continue
    grep -q TRL "$own"/*.trials || continue
    kill -STOP $worker
    pending=$(awk '$1 == "ShdPnd:" { print $2 }' /proc/$worker/status)
    (( 0x$pending & 0x4000 )) && kill -CONT $worker && break
  done
) >/dev/null 2>&1 &
`;

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function collapse(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...args], { cwd: home }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}

async function until<T>(what: string, ask: () => T | Promise<T>, seconds = 80): Promise<NonNullable<T>> {
  for (const end = Date.now() + 1000 * seconds; Date.now() < end; await sleep(200)) {
    const found = await ask();
    if (found) return found;
  }
  throw new Error(`${what}: not within ${seconds} s\n${tool('squeue', '-r')}`);
}

function tool(name: string, ...args: readonly string[]): string {
  try {
    return execFileSync(name, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}

/** Nothing happens to this one, but for its name. */
const PLAIN = "it's 100 % mine";

/** A run of two shards on one node. */
async function submit(name: string, node: string, options: readonly string[] = [], sbatch: readonly string[] = []) {
  const folder = join(home, name);
  mkdirSync(join(folder, 'slurm'), { recursive: true });
  if (name !== PLAIN) writeFileSync(join(folder, 'slurm', 'prologue.sh'), HOLD);
  const own = ['--cpus-per-task=1', `--nodelist=${node}`, ...sbatch];
  const args = ['submit', file, '--shards', '2', '--backend', 'reference', '--out', folder, ...options, '--'];
  const { code, out, err } = await collapse(...args, ...own);
  expect(code, err).toBe(0);
  return { folder, ...idsIn(out) };
}

function idsIn(out: string): { readonly array: string; readonly merge: string; readonly shards: string } {
  const found = /Job (\d+) draws shards? ([\d, -]+) of 2; job (\d+) merges/.exec(out);
  if (!found) throw new Error(out);
  return { array: found[1]!, shards: found[2]!, merge: found[3]! };
}

const stateOf = (job: string) => tool('squeue', '-h', '-r', '-j', job, '-o', '%T').trim();

/** Sizes of the files of the attempts at a shard. */
const attempts = (folder: string, shard: number) => {
  const own = join(folder, 'shards', `000${shard}-of-0002`);
  return existsSync(own) ? readdirSync(own).map((name) => join(own, name)) : [];
};
const records = (path: string) => readFileSync(path, 'latin1').split('\x89TRL\r\n\x1a\n').length - 1;
const drawing = (folder: string, shard: number) => attempts(folder, shard).some((path) => records(path) > 0);
const lastWord = (path: string) => readFileSync(path, 'latin1').slice(-20);

/** The processes that draw a shard of a folder. */
const workersOf = (folder: string, shard: number) =>
  tool('pgrep', '-f', `run ${folder} --shard ${shard}/2`).split('\n').filter(Boolean).map(Number);

let table: string;

async function expectTheSame(folder: string): Promise<void> {
  await until(`merge in ${folder}`, () => existsSync(join(folder, 'table.csv')));
  expect(readFileSync(join(folder, 'table.csv'), 'utf8')).toBe(table);
  expect((await collapse('status', folder)).code).toBe(0);
}

describe.skipIf(!slurm).concurrent(
  'on Slurm',
  () => {
    beforeAll(async () => {
      writeFileSync(file, JSON.stringify(EXPERIMENT));
      const one = await collapse('run', file, '--backend', 'reference', '--out', 'one', '--quiet');
      expect(one.code, one.err).toBe(0);
      table = readFileSync(join(home, 'one', 'table.csv'), 'utf8');
    }, 120_000);

    it('an array is drawn and merged; submitting twice is harmless', async () => {
      const { folder } = await submit(PLAIN, 'n1', ['--at-once', '1', '--gres', 'gpu:1']);
      const again = await collapse('submit', folder);
      expect(again).toMatchObject({ code: 0, out: expect.stringMatching(/^Shards 1-2 are in the queue already/) });
      await expectTheSame(folder);
      const done = await collapse('submit', folder);
      expect(done).toMatchObject({ code: 0, out: expect.stringMatching(/^All 2 shards are complete/) });
    });

    it('a node that loses power and returns costs nothing that was drawn', async () => {
      const { folder, array } = await submit('power', 'n2');
      await until('first batch', () => drawing(folder, 1));
      tool('node-power', 'off', 'n2');
      await until('the node is missed', () =>
        /DOWN|\*/.test(tool('sinfo', '-h', '-n', 'n2', '-o', '%t').toUpperCase()),
      );
      tool('node-power', 'on', 'n2');
      await expectTheSame(folder);
      expect(attempts(folder, 1)).toHaveLength(2);
      expect(stateOf(array)).toBe('');
    });

    it('a worker that is killed is named and repaired alone', async () => {
      const { folder, array, merge } = await submit('killed', 'n3');
      await until('first batch', () => drawing(folder, 1));
      for (const pid of workersOf(folder, 1)) process.kill(pid, 'SIGKILL');
      await until('array and merge end', () => stateOf(array) === '' && stateOf(merge) === '');
      expect(readFileSync(join(folder, 'slurm', 'merge.log'), 'utf8')).toMatch(
        /^Shard 1 of 2 is incomplete: .* trials are missing/m,
      );
      const merged = await collapse('merge', folder);
      expect(merged.code).toBe(5);
      expect(merged.err).toMatch(/`collapse submit .*killed`, or `collapse run .*killed --shard 1\/2` draws them/);
      expect(idsIn((await collapse('submit', folder)).out).shards).toBe('1');
      await expectTheSame(folder);
    });

    it('a time limit ends in a shard that is saved and goes on by itself', async () => {
      const { folder } = await submit('limit', 'n4', ['--time', '1'], ['--signal=B:USR1@50']);
      const first = await until('a shard that was stopped', () =>
        attempts(folder, 1).find((path) => lastWord(path).endsWith('stopped')),
      );
      expect(records(first)).toBeGreaterThan(1);
      await expectTheSame(folder);
      expect(attempts(folder, 1).length).toBeGreaterThan(1);
      // The merge waited for what queued itself again.
      expect(readFileSync(join(folder, 'slurm', 'merge.log'), 'utf8')).not.toMatch(/incomplete/);
    });

    it('a shard that is preempted is saved and goes on', async () => {
      const { folder } = await submit('preempted', 'n5');
      await until('first batch', () => drawing(folder, 1));
      tool('sbatch', '-p', 'urgent', '-w', 'n5', '-o', '/dev/null', '--wrap', 'sleep 1');
      await until('a shard that was stopped', () =>
        attempts(folder, 1).some((path) => lastWord(path).endsWith('stopped')),
      );
      await expectTheSame(folder);
      expect(attempts(folder, 1)).toHaveLength(2);
    });

    it('scancel saves, and nothing is queued again until it is submitted', async () => {
      const { folder, array, merge } = await submit('cancelled', 'n6');
      await until('first batch', () => drawing(folder, 1));
      tool('scancel', array);
      await until('array and merge end', () => stateOf(array) === '' && stateOf(merge) === '');
      const { code, out } = await collapse('status', folder);
      expect(code).toBe(5);
      expect(out).toMatch(/1 of 2 stopped, saved: 1\n\s*1 of 2 not begun: 2\n/);
      expect(idsIn((await collapse('submit', folder)).out).shards).toBe('1-2');
      await expectTheSame(folder);
    });
  },
  240_000,
);
