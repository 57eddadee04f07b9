import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { assignedGpus } from '../../src/cli/doctor.ts';
import { failureOf } from '../../src/cli/failure.ts';
import { shardCommand } from '../../src/cli/shard.ts';
import { parseShard } from '../../src/cli/shard-option.ts';
import { numbersText, shellQuoted } from '../../src/cli/shard-progress.ts';
import { secondsOf } from '../../src/cli/slurm.ts';
import { shardScript } from '../../src/cli/slurm-script.ts';
import { submitCommand } from '../../src/cli/submit.ts';

/*
 * Plan: `submit` beside commands of a make-believe Slurm (the real one: test/cluster).
 * - --dry-run: the commands and scripts, to the letter, and nothing written; bash reads them, folders of hostile names too
 * - one array, one merge that waits for it; the second time only what is missing and not in the queue, with the options of the first
 * - more shards than an array may have tasks, no sbatch, sbatch that refuses: by name
 * - the script saves near its time limit and queues itself again, unless no batch was finished; its exit code is the worker's
 */

const EXPERIMENT = {
  name: 'sent',
  regime: 'replace',
  dimension: 4,
  generator: { samples: 12, noise: 0.2 },
  downstream: { samples: [8, 16], noise: 0.1, ridge: 0.1 },
  generations: 1,
  sampler: 'direct',
  trials: 60,
};

let home: string;
let stdout: string;
let stderr: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'collapse-submit-'));
  writeFileSync(join(home, 'file.json5'), JSON.stringify(EXPERIMENT));
  mkdirSync(join(home, 'bin'));
  vi.stubEnv('PATH', `${join(home, 'bin')}:/usr/bin:/bin`);
  vi.stubEnv('COLLAPSE_ADAPTER', '');
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

function pretend(name: string, script: string): void {
  writeFileSync(join(home, 'bin', name), `#!/bin/bash\n${script}\n`);
  chmodSync(join(home, 'bin', name), 0o755);
}

/** sbatch writes down what it was asked and gives numbers in order; squeue shows `queue`. */
function slurm(queue = ''): void {
  pretend('sbatch', `[ "$1" = --version ] && exit; printf '%s\\n' "$*" >>${home}/sent; wc -l <${home}/sent`);
  pretend('squeue', `printf '${queue}'`);
  pretend('scontrol', 'echo "MaxArraySize            = 1001"');
}
const sent = () => readFileSync(join(home, 'sent'), 'utf8').trim().split('\n');

const file = () => join(home, 'file.json5');
const folder = () => join(home, 'out');
const submit = (flags: object = {}, options: readonly string[] = []) =>
  submitCommand(file(), options, { shards: 4, out: folder(), backend: 'reference', ...flags });

async function failing(command: () => Promise<unknown>): Promise<{ exit: number; message: string }> {
  try {
    await command();
  } catch (error) {
    return failureOf(error);
  }
  throw new Error('It did not fail.');
}

describe('submit --dry-run', () => {
  it('prints what would be sent, and writes nothing', async () => {
    pretend('sbatch', 'exit 0');
    const flags = { atOnce: 2, time: '4', gres: 'gpu:1', dryRun: true };
    expect(await submit(flags, ['--partition=gpu', '--comment=a b'])).toBe(0);
    expect(existsSync(folder())).toBe(false);
    const own = stdout.replaceAll(folder(), '/out').split('\n');
    expect(own[0]).toBe(
      "sbatch --parsable --job-name=collapse-sent --array=1-4%2 --requeue --open-mode=append --signal=B:USR1@60 --cpus-per-task=2 --output=/out/slurm/%a.log --time=4 --gres=gpu:1 --partition=gpu '--comment=a b' /out/slurm/shard.sh",
    );
    expect(own[1]).toBe(
      "sbatch --parsable --job-name=collapse-sent-merge --dependency=afterany:ID --open-mode=append --output=/out/slurm/merge.log --partition=gpu '--comment=a b' /out/slurm/merge.sh",
    );
    expect(own.slice(2, 7)).toEqual([
      '',
      '── /out/slurm/shard.sh',
      '#!/bin/bash',
      '# Written by collapse submit.',
      'dir=/out',
    ]);
    expect(stdout).toMatch(/ run "\$dir" --shard "\$SLURM_ARRAY_TASK_ID\/4" --quiet &\nworker=\$!/);
    expect(stdout).toMatch(/exec \S+node \S+collapse\.js merge "\$dir" --quiet$/m);
    expect(stderr).toMatch(/60 trials in 4 shards; use fewer/);
  });

  it.each(['plain', 'it\'s 50% "mine"; $(rm -rf x) `y`', 'ünïcode \\ back'])('bash reads scripts for %s', (name) => {
    const script = shardScript({ folder: join('/x', name), shards: 12, adapter: "a'b" });
    execFileSync('bash', ['-n'], { input: script });
    const words = script.split('\n').filter((line) => /^(dir=|export )/.test(line));
    const said = execFileSync('bash', ['-c', `${words.join('\n')}\nprintf '%s|%s' "$dir" "$COLLAPSE_ADAPTER"`], {
      encoding: 'utf8',
    });
    expect(said).toBe(`/x/${name}|a'b`);
  });
});

describe('submit', () => {
  it('sends what is missing and not in the queue, with the options of before', async () => {
    slurm();
    expect(await submit({ time: '2:00:00' }, ['-A', 'x'])).toBe(0);
    expect(stdout).toBe(
      `Job 1 draws shards 1-4 of 4; job 2 merges them when it has ended. collapse status ${folder()} tells how far they are.\n`,
    );
    await shardCommand(folder(), { shard: parseShard('2/4'), quiet: true });
    slurm('1 3 RUNNING\\n1 2 COMPLETING\\n');
    stdout = '';
    expect(await submitCommand(folder(), [], {})).toBe(0);
    expect(sent()[2]).toMatch(/--array=1,4 .*--signal=B:USR1@120 .*--time=2:00:00 -A x \S*shard\.sh$/);
    expect(sent()[3]).toMatch(/--dependency=afterany:3:1 /);
    slurm('1 3 RUNNING\\n3 1 PENDING\\n3 4 PENDING\\n');
    stdout = '';
    expect(await submit()).toBe(0);
    expect(stdout).toBe('Shards 1, 3-4 are in the queue already, as job 1, 3.\n');
    for (const i of [1, 3, 4]) await shardCommand(folder(), { shard: { index: i, count: 4 }, quiet: true });
    expect(await submit()).toBe(0);
    expect(stdout).toMatch(/All 4 shards are complete/);
    expect(sent()).toHaveLength(4);
    expect(readdirSync(join(folder(), 'slurm')).sort()).toEqual(['jobs.json', 'merge.sh', 'shard.sh']);
  });

  it('refuses by name', async () => {
    expect(await submit()).toBe(3);
    expect(stdout).toMatch(/^sbatch --parsable/);
    expect(stderr).toMatch(/There is no sbatch on this machine: nothing was submitted/);
    slurm();
    expect(await failing(() => submit({ shards: 2000 }))).toEqual({
      exit: 2,
      message: '--shards 2000: this Slurm numbers the tasks of an array up to 1000 (MaxArraySize); use at most 1000.',
    });
    expect(await failing(() => submit({ shards: undefined, out: join(home, 'new') }))).toMatchObject({ exit: 2 });
    pretend('sbatch', '[ "$1" = --version ] && exit; echo "invalid partition specified: x" >&2; exit 1');
    expect(await failing(() => submit())).toEqual({
      exit: 4,
      message: 'sbatch refused the job: invalid partition specified: x',
    });
  });
});

describe('the script of a shard', () => {
  /** Runs it with a worker that is `worker`; `signals` are sent to it in order. */
  function run(worker: string, meanwhile: string): { readonly code: number; readonly requeued: boolean } {
    const own = join(home, 'run');
    mkdirSync(join(own, 'shards', '0003-of-0012'), { recursive: true });
    pretend('scontrol', `echo "$*" >${home}/requeued`);
    const script = shardScript({ folder: own, shards: 12, adapter: undefined })
      .replace(/^\S+ \S+ run "\$dir".*&$/m, `bash -c '${worker}' &`)
      .replace('&& sleep 60', '');
    writeFileSync(join(home, 'script'), script);
    const env = { ...process.env, SLURM_ARRAY_JOB_ID: '7', SLURM_ARRAY_TASK_ID: '3' };
    const text = `bash ${home}/script & script=$!; ${meanwhile.replaceAll('DIR', own)}; wait $script`;
    let code = 0;
    try {
      execFileSync('bash', ['-c', text], { env, stdio: 'ignore' });
    } catch (error) {
      code = (error as { status: number }).status;
    }
    const requeued =
      existsSync(join(home, 'requeued')) && readFileSync(join(home, 'requeued'), 'utf8') === 'requeue 7_3\n';
    return { code, requeued };
  }
  const saves = 'trap "exit 130" TERM; touch DIR; while :; do sleep 0.1; done';
  const worker = () => saves.replace('touch DIR', `touch ${join(home, 'run/shards/0003-of-0012/a.trials')}`);

  it('ends as the worker does', () => {
    for (const code of [0, 3, 4]) expect(run(`exit ${code}`, ':')).toEqual({ code, requeued: false });
  });

  it('saves near the time limit and queues itself again', () => {
    expect(run(worker(), 'sleep 0.5; kill -USR1 $script')).toEqual({ code: 130, requeued: true });
  });

  it('does not where no batch was finished', () => {
    expect(run(saves.replace('touch DIR; ', ''), 'sleep 0.5; kill -USR1 $script')).toEqual({
      code: 130,
      requeued: false,
    });
  });

  it('does not where it is cancelled, and waits for the worker however often it is told', () => {
    const meanwhile =
      'sleep 0.5; kill -TERM $script; kill -TERM $script; kill -TERM $(cat /proc/$script/task/$script/children)';
    expect(run(worker(), meanwhile)).toEqual({ code: 130, requeued: false });
  });
});

it('reads and writes as Slurm does', () => {
  expect(numbersText([3, 17, 18, 19, 20, 22])).toBe('3,17-20,22');
  expect(['30', '2:30', '1:00:00', '1-0', '1-12:30', '2-0:0:5', 'x', ''].map(secondsOf)).toEqual([
    1800,
    150,
    3600,
    86400,
    131400,
    172805,
    null,
    null,
  ]);
  expect(shellQuoted("a'b c")).toBe(`'a'\\''b c'`);
  expect(assignedGpus({ CUDA_VISIBLE_DEVICES: '2,3' })).toEqual({ variable: 'CUDA_VISIBLE_DEVICES', count: 2 });
  expect(assignedGpus({})).toBe(null);
});
